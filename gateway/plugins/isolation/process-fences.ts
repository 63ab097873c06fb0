import { registerHooks } from 'node:module';

/*
 * Hurdles, not fences: what a plugin would reach for is taken away before its code is loaded, so that it is
 * refused with a reason also where the host has no namespaces. Code that means harm may find a way around;
 * Node's permission model and the namespaces are what holds it.
 */

const REFUSED = new Set([
  ...['net', 'dgram', 'dns', 'tls', 'http', 'http2', 'https', 'child_process', 'cluster', 'worker_threads'],
  ...['inspector', 'repl', 'wasi', 'v8', 'module', 'sqlite', 'trace_events'],
]);

const NETWORK_GLOBALS = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest'];

const PROCESS_FUNCTIONS = [
  ...['kill', '_kill', '_debugProcess', '_debugEnd', '_startProfilerIdleNotifier', 'abort', 'dlopen'],
  ...['binding', '_linkedBinding', 'chdir', 'setuid', 'setgid', 'loadEnvFile', 'getBuiltinModule'],
];

const isRefused = (specifier: string): boolean => {
  const name = specifier.replace(/^node:/, '').split('/', 1)[0] ?? '';
  return REFUSED.has(name);
};

export class AccessRefusedError extends Error {
  readonly code = 'ERR_ACCESS_DENIED';

  constructor(what: string) {
    super(`${what} is refused: this code runs in a sandbox without network, processes and native code`);
    this.name = 'AccessRefusedError';
  }
}

/** For the rest of this process. Import what is needed before. */
export function closeFences(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (isRefused(specifier)) throw new AccessRefusedError(specifier);
      return next(specifier, context);
    },
  });
  for (const name of NETWORK_GLOBALS) take(globalThis, name);
  for (const name of PROCESS_FUNCTIONS) take(process, name);
}

function take(holder: object, name: string): void {
  if (!(name in holder)) return;
  Object.defineProperty(holder, name, {
    configurable: false,
    writable: false,
    value: () => {
      throw new AccessRefusedError(name);
    },
  });
}

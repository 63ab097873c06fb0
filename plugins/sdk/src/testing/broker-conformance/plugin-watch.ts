import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { Socket } from 'node:net';

/** What the code of one plugin under test has opened: by the async context that it was started in. */
const watches = new AsyncLocalStorage<PluginWatch>();

const KEPT_TYPES = new Set(['Timeout', 'Immediate', 'TCPWRAP', 'TLSWRAP', 'TCPSERVERWRAP', 'PIPEWRAP']);

interface Kept {
  readonly type: string;
  readonly resource: WeakRef<object>;
}

const hook = createHook({
  init(id, type, _trigger, resource) {
    if (KEPT_TYPES.has(type)) watches.getStore()?.kept.set(id, { type, resource: new WeakRef(resource) });
  },
  destroy(id) {
    for (const watch of open) watch.kept.delete(id);
  },
});

const open = new Set<PluginWatch>();

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1|\[::1\])$/i;

type Connect = (this: Socket, ...args: unknown[]) => Socket;
let connectOfNode: Connect | null = null;

interface Target {
  readonly host?: string;
  readonly path?: string;
  readonly port?: unknown;
}

/** A call of `Socket.connect` in one form; Node itself hands on an array of its arguments. */
function callOf(args: readonly unknown[]): { readonly target: Target; readonly listener: unknown } {
  const given = (Array.isArray(args[0]) ? args[0] : args) as readonly unknown[];
  const [first, second] = given;
  const listener = given.find((each) => typeof each === 'function');
  if (typeof first === 'object' && first !== null) return { target: first, listener };
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { target: { path: first }, listener };
  return { target: { port: first, ...(typeof second === 'string' ? { host: second } : {}) }, listener };
}

/** Nobody listens there, so that the plugin sees a connection refused. */
const NOWHERE = { host: '127.0.0.1', port: 1, lookup: undefined };

function connectGuarded(this: Socket, ...args: unknown[]): Socket {
  const connect = connectOfNode as Connect;
  const { listener, target } = callOf(args);
  const { host = 'localhost' } = target;
  const watch = watches.getStore();
  const isLocal = LOOPBACK.test(host) || (target.path !== undefined && target.port === undefined);
  if (isLocal || watch === undefined) return connect.apply(this, args);
  watch.strays.add(host);
  return connect.call(this, { ...target, ...NOWHERE }, listener);
}

/** Sees what a plugin connects to, and what it leaves behind that keeps a process alive. */
export class PluginWatch {
  readonly kept = new Map<number, Kept>();
  /** Hosts outside loopback that it wanted to connect to; nothing was sent to them. */
  readonly strays = new Set<string>();

  /** Runs the plugin's code: what it starts is seen as its own. */
  run<R>(code: () => R): R {
    return watches.run(this, code);
  }

  static open(): PluginWatch {
    const watch = new PluginWatch();
    if (open.size === 0) {
      connectOfNode = Reflect.get(Socket.prototype, 'connect') as Connect;
      Socket.prototype.connect = connectGuarded;
      hook.enable();
    }
    open.add(watch);
    return watch;
  }

  close(): void {
    if (!open.delete(this) || open.size > 0 || connectOfNode === null) return;
    Socket.prototype.connect = connectOfNode;
    hook.disable();
  }

  /** What would keep a process alive now, e.g. "2 Timeout". Connections that idle in a pool do not. */
  get leftovers(): readonly string[] {
    const counts = new Map<string, number>();
    for (const { resource, type } of this.kept.values()) {
      const held = resource.deref() as { hasRef?: () => boolean } | undefined;
      if (held?.hasRef?.() === true) counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    return [...counts].map(([type, count]) => `${String(count)} ${type}`);
  }
}

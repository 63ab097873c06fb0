/** A plugin that tries what a sandbox is there to refuse, one strategy each; plain files, like a stranger's. */
import { Buffer } from 'node:buffer';
import { readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { setTimeout } from 'node:timers';

import { definePlugin, defineStrategy, log, place, T } from '@omniquant/plugin-sdk';

const CHANNEL = 3;
const kept = [];

/** What came of an attempt, as a line: "read: ERR_ACCESS_DENIED". */
const told = async (what, attempt) => {
  try {
    return `${what}: got ${JSON.stringify(await attempt())}`;
  } catch (error) {
    return `${what}: ${error?.code ?? error?.name ?? String(error)}`;
  }
};

const first = (promise, ms) =>
  Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error('late')), ms))]);

/** Attempts that are made when the strategy is created and told at a later bar, one log line each. */
const trying = (id, attempts) =>
  defineStrategy({
    id,
    description: `Tries: ${id}`,
    config: T.Object({ target: T.Optional(T.String()) }),
    create({ target }) {
      let lines = null;
      void Promise.all(Object.entries(attempts(target)).map(([what, attempt]) => told(what, attempt))).then(
        (all) => (lines = all),
      );
      return { onBar: () => (lines === null ? undefined : lines.map((line) => log('INFO', line))) };
    },
  });

/** Does it at its third bar. */
const doing = (id, act) =>
  defineStrategy({
    id,
    description: `Does: ${id}`,
    config: T.Object({}),
    create() {
      let bars = 0;
      return {
        onBar: () => ((bars += 1) >= 3 ? act() : undefined),
        snapshot: () => bars,
        restore: (saved) => void (bars = Number(saved)),
      };
    },
  });

const frame = (text) => {
  const bytes = Buffer.from(text);
  const header = Buffer.alloc(4);
  header.writeUInt32LE(bytes.length);
  return Buffer.concat([header, bytes]);
};

/** Past the module that serves the strategy, as code that means harm would. */
const sendAll = (bytes, fd = CHANNEL) => {
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(fd, bytes, at);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
};

export const steady = defineStrategy({
  id: 'steady-one',
  description: 'Orders at each bar',
  config: T.Object({ quantity: T.String({ default: '1' }) }),
  check: ({ quantity }) =>
    Number(quantity) > 0 ? null : { field: 'quantity', message: 'has to be more than nothing' },
  create({ quantity }) {
    let bars = 0;
    return {
      *onBar({ symbol, at }) {
        bars += 1;
        yield place({ ref: `bar-${String(at)}`, symbol, side: bars % 2 === 1 ? 'BUY' : 'SELL', quantity });
      },
      snapshot: () => bars,
      restore: (saved) => void (bars = Number(saved)),
    };
  },
});

export default definePlugin({
  name: 'sandboxed-strategies',
  version: '1.0.0',
  api: '^0.1.0',
  extensions: [
    steady,
    trying('reads-files', (target) => ({
      passwd: () => readFileSync('/etc/passwd', 'utf8').length,
      target: () => readFileSync(target, 'utf8'),
      above: () => readdirSync(new URL('../../..', import.meta.url)),
      own: () => readFileSync(new URL(import.meta.url), 'utf8').length > 0,
    })),
    trying('writes-files', (target) => ({
      tmp: () => writeFileSync('/tmp/sandboxed', ''),
      target: () => writeFileSync(target, ''),
      own: () => writeFileSync(new URL('written', import.meta.url), ''),
    })),
    trying('reads-environment', () => ({
      env: () => Object.keys(process.env),
      self: () => readFileSync('/proc/self/environ', 'utf8'),
      parent: () => readFileSync(`/proc/${String(process.ppid)}/environ`, 'utf8'),
    })),
    trying('connects', (target) => ({
      fetch: () => first(globalThis.fetch(`http://127.0.0.1:${target}`), 2_000),
      net: async () => Object.keys(await import('node:net')).length,
      dns: async () => Object.keys(await import('dns/promises')).length,
      builtin: () => Object.keys(process.getBuiltinModule('net')).length,
      binding: () => Object.keys(process.binding('tcp_wrap')).length,
    })),
    trying('starts-things', () => ({
      child: async () => Object.keys(await import('node:child_process')).length,
      worker: async () => Object.keys(await import('node:worker_threads')).length,
      addon: () => process.dlopen({ exports: {} }, '/usr/lib/any.node'),
      inspector: async () => Object.keys(await import('node:inspector')).length,
    })),
    doing('blocks', () => {
      for (;;) if (kept.length > 1) return;
    }),
    doing('leaks-heap', () => {
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, index) => ({ index })));
    }),
    doing('leaks-buffers', () => {
      for (;;) kept.push(Buffer.alloc(4_000_000, 1));
    }),
    doing('exits', () => process.exit(3)),
    doing('dies', () => process.reallyExit(7)),
    doing('floods', () => {
      const one = frame(JSON.stringify({ kind: 'answer', id: 0, answer: null }));
      for (;;) sendAll(one);
    }),
    doing('shouts', () => {
      for (;;) sendAll(Buffer.alloc(65_536, 'x'), 1);
    }),
    doing('sends-a-giant', () => {
      const header = Buffer.alloc(4);
      header.writeUInt32LE(2_000_000_000);
      sendAll(header);
      for (;;) sendAll(Buffer.alloc(65_536, 'x'));
    }),
    doing('has-a-giant-snapshot', () => [log('INFO', 'x'.repeat(2_000_000))]),
    doing('sends-nonsense', () => sendAll(frame('{"kind":"pay","much":true}'))),
    doing('sends-no-json', () => sendAll(frame('}{'))),
    doing('nests-deeply', () => sendAll(frame('['.repeat(100_000) + ']'.repeat(100_000)))),
    doing('invents-a-code', () => {
      sendAll(
        frame('{"kind":"failed","id":null,"failure":{"code":"PLUGIN_NOT_FOUND","message":"believe me"}}'),
      );
    }),
    doing('closes-its-channel', async () => (await import('node:fs')).closeSync(CHANNEL)),
  ],
});

import type { SystemCommand } from '../engine/command.ts';
import type { SystemWork, Work } from './work.ts';

export interface MailboxLimits {
  /** Commands of clients that may wait; more are refused. */
  readonly client: number;
  /** Messages of venue, market and clock that may wait; one more is a gap, after which the venue is asked anew. */
  readonly system: number;
}

/**
 * What waits to be decided for one account. What the venue says goes before what clients ask: it has
 * happened already. Ticks of clock and market do not pile up: a waiting one is made to serve for the
 * new one as well.
 */
export interface Mailbox {
  readonly size: number;
  /** False when it is full. */
  add(work: Work): boolean;
  /** Puts works back that were taken but came to nothing, in their order, before all others. */
  putBack(works: readonly Work[]): void;
  peek(): Work | undefined;
  take(): Work | undefined;
  /** Empties it. */
  drain(): Work[];
  /** Takes out what `isOver` says, wherever it waits. */
  remove(isOver: (work: Work) => boolean): Work[];
}

export function createMailbox(limits: MailboxLimits): Mailbox {
  let system: Work[] = [];
  let client: Work[] = [];
  // Taking from the front by index keeps long queues from being copied for each command.
  let systemHead = 0;
  let clientHead = 0;

  function compact(): void {
    if (systemHead === system.length) {
      system = [];
      systemHead = 0;
    }
    if (clientHead === client.length) {
      client = [];
      clientHead = 0;
    }
  }

  function conflate(work: SystemWork): boolean {
    const { kind } = work.command;
    if (kind !== 'clockTicked' && kind !== 'marketMoved') {
      return false;
    }
    for (let index = system.length - 1; index >= systemHead; index -= 1) {
      const waiting = system[index];
      if (waiting?.kind === 'system' && waiting.command.kind === kind && waiting.settled === null) {
        system[index] = { ...waiting, command: merged(waiting.command, work.command) };
        return true;
      }
    }
    return false;
  }

  const mailbox: Mailbox = {
    get size() {
      return system.length - systemHead + client.length - clientHead;
    },
    add(work) {
      if (work.kind !== 'system') {
        if (client.length - clientHead >= limits.client) {
          return false;
        }
        client.push(work);
        return true;
      }
      if (conflate(work)) {
        return true;
      }
      if (system.length - systemHead >= limits.system) {
        return false;
      }
      system.push(work);
      return true;
    },
    putBack(works) {
      system = [...works.filter((work) => work.kind === 'system'), ...system.slice(systemHead)];
      client = [...works.filter((work) => work.kind !== 'system'), ...client.slice(clientHead)];
      systemHead = 0;
      clientHead = 0;
    },
    peek: () => system[systemHead] ?? client[clientHead],
    take() {
      const work = mailbox.peek();
      if (systemHead < system.length) {
        systemHead += 1;
      } else if (work !== undefined) {
        clientHead += 1;
      }
      compact();
      return work;
    },
    drain() {
      const all = [...system.slice(systemHead), ...client.slice(clientHead)];
      system = [];
      client = [];
      systemHead = 0;
      clientHead = 0;
      return all;
    },
    remove(isOver) {
      const all = mailbox.drain();
      const over = all.filter(isOver);
      mailbox.putBack(over.length === 0 ? all : all.filter((work) => !isOver(work)));
      return over;
    },
  };
  return mailbox;
}

function merged(waiting: SystemCommand, next: SystemCommand): SystemCommand {
  if (waiting.kind === 'marketMoved' && next.kind === 'marketMoved') {
    return { kind: 'marketMoved', symbols: [...new Set([...waiting.symbols, ...next.symbols])] };
  }
  return next;
}

import { deserialize, serialize } from 'node:v8';

import type { FromStrategy } from './strategy-protocol.ts';

/** Places of the words. */
const LOOKING = 0;
const NUMBER = 1;
const TAKEN = 2;
const LENGTH = 3;
const HEAD = 4 * Int32Array.BYTES_PER_ELEMENT;

/** Longer answers are sent. */
const LONGEST = 65_536;

/**
 * Where a worker leaves its answer for a gateway that looks for it: in shared memory, as a message takes longer to send
 * and to be woken by than a step does. Each side has one of its own over the same memory. What it holds is written by
 * the worker until its number stands there, and read by the gateway until that is taken.
 */
export class AnswerSlot {
  readonly memory: SharedArrayBuffer;
  private readonly words: Int32Array;
  private readonly bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(HEAD + LONGEST)) {
    this.memory = memory;
    this.words = new Int32Array(memory, 0, HEAD / Int32Array.BYTES_PER_ELEMENT);
    this.bytes = new Uint8Array(memory, HEAD);
  }

  /** The worker's side. False: perhaps nobody looks, so that the answer has to be sent as well. */
  give(message: FromStrategy): boolean {
    const { bytes, words } = this;
    if (message.kind !== 'answer' || Atomics.load(words, LOOKING) === 0) return false;
    if (Atomics.load(words, NUMBER) !== Atomics.load(words, TAKEN)) return false;
    const answer = serialized(message);
    if (answer === null || answer.length > bytes.length) return false;
    bytes.set(answer);
    Atomics.store(words, LENGTH, answer.length);
    Atomics.store(words, NUMBER, message.id);
    return Atomics.load(words, LOOKING) === 1;
  }

  /** The gateway's side. Whoever ends to look calls `take` once more: it may have been given just before. */
  setLooking(isLooking: boolean): void {
    Atomics.store(this.words, LOOKING, isLooking ? 1 : 0);
  }

  /** What was given may have been sent as well: who takes it knows by its number. */
  take(): FromStrategy | undefined {
    const { bytes, words } = this;
    const number = Atomics.load(words, NUMBER);
    if (number === Atomics.load(words, TAKEN)) return undefined;
    // A copy: the text in it would be read where it is.
    const answer = bytes.slice(0, Atomics.load(words, LENGTH));
    Atomics.store(words, TAKEN, number);
    return deserialized(answer);
  }
}

/** Null for what has to be sent, or cannot be: a message says why. */
function serialized(message: FromStrategy): Buffer | null {
  try {
    return serialize(message);
  } catch {
    return null;
  }
}

function deserialized(answer: Uint8Array): FromStrategy {
  try {
    return deserialize(answer) as FromStrategy;
  } catch {
    const failure = { code: 'STRATEGY_BROKE_PROTOCOL', message: 'an answer cannot be read' };
    return { kind: 'failed', id: null, failure };
  }
}

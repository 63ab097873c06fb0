import type { NumberedRequest } from './strategy-protocol.ts';

/** Places of the words. */
const LOOKING = 0;
const NUMBER = 1;
const SAVE = 2;
const WORDS = 3;

/**
 * Tells a worker that looks for it to go on with the inputs that it has: in shared memory, as a message takes longer to
 * send than the worker needs for its step. Each side has one of its own over the same memory.
 */
export class GoOnSignal {
  readonly memory: SharedArrayBuffer;
  private readonly words: Int32Array;
  /** The last request that the worker has taken. */
  private taken = 0;

  constructor(memory = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.words = new Int32Array(memory);
  }

  /** The gateway's side. False: perhaps nobody looks, so that the request has to be sent as well. */
  give({ id, request }: NumberedRequest): boolean {
    if (request.kind !== 'goOn') return false;
    Atomics.store(this.words, SAVE, request.save ? 1 : 0);
    Atomics.store(this.words, NUMBER, id);
    return this.isLookedAt;
  }

  /** The worker is in the middle of a step, or looks for the next: it answers soon. */
  get isLookedAt(): boolean {
    return Atomics.load(this.words, LOOKING) === 1;
  }

  /** The worker's side. Whoever ends to look calls `take` once more: it may have been given just before. */
  setLooking(isLooking: boolean): void {
    Atomics.store(this.words, LOOKING, isLooking ? 1 : 0);
  }

  take(): NumberedRequest | undefined {
    const id = Atomics.load(this.words, NUMBER);
    if (id <= this.taken) return undefined;
    this.taken = id;
    return { id, request: { kind: 'goOn', save: Atomics.load(this.words, SAVE) === 1 } };
  }

  /** Of a request that was sent: false when it has been taken from here. */
  isNew({ id }: NumberedRequest): boolean {
    if (id <= this.taken) return false;
    this.taken = id;
    return true;
  }
}

import type { PackedInputs } from './packed-inputs.ts';
import type { OptimizerQuestion, StrategyQuestion } from './read-plugin.ts';
import type { FromStrategy, StrategyAssignment, StrategyRequest } from './strategy-protocol.ts';

/*
 * What a gateway and a sandboxed process say to each other, as frames of JSON on file descriptor 3:
 *
 *   process: hello(version)  ->  gateway: job(version, credit)  ->  process: result | ready | failed
 *                                gateway: request(id, credit)   ->  process: answer | failed(id)
 *
 * A process may send as many messages as it has been given credits for; each message costs one, and one that
 * sends more is killed. What it sends is data of a stranger: process-messages.ts checks it.
 */

/** Of these messages; a process of another version is not talked to. */
export const PROTOCOL_VERSION = 1;

/** The file descriptor of the channel in the process. */
export const CHANNEL_FD = 3;

/** Bytes. A step's effects and the snapshot of its strategy have to fit. */
export const LARGEST_FROM_PROCESS = 1_048_576;
/** Bytes. The bars of a warm-up go in one message. */
export const LARGEST_TO_PROCESS = 33_554_432;

/** Before its first job: the hello. */
export const FIRST_CREDITS = 1;

/** What a process is for; it does one job. */
export type ProcessJob =
  | { readonly kind: 'serve'; readonly assignment: StrategyAssignment }
  /** Reads what a plugin declares. */
  | { readonly kind: 'describe'; readonly specifier: string }
  /** Has a strategy say what is wrong with its parameters, and what it uses with them. */
  | ({ readonly kind: 'checkStrategy' } & StrategyQuestion)
  /** Has a strategy whose parameters have passed say what it uses. */
  | ({ readonly kind: 'uses' } & StrategyQuestion)
  /** Has an optimizer say what is wrong with its parameters. */
  | ({ readonly kind: 'checkOptimizer' } & OptimizerQuestion)
  /** Runs no plugin: tries what must not be possible, to see what this host enforces. */
  | { readonly kind: 'probe'; readonly port: number; readonly socket: string };

/** A request as JSON: rows of numbers are a plain array. */
export type PlainRequest =
  | Exclude<StrategyRequest, { kind: 'run' }>
  | (Omit<Extract<StrategyRequest, { kind: 'run' }>, 'inputs'> & {
      readonly inputs: Omit<PackedInputs, 'rows'> & { readonly rows: readonly number[] };
    });

export type ToProcess =
  | { readonly kind: 'job'; readonly version: number; readonly credit: number; readonly job: ProcessJob }
  | {
      readonly kind: 'request';
      readonly credit: number;
      readonly id: number;
      readonly request: PlainRequest;
    };

export type FromProcess =
  | FromStrategy
  | { readonly kind: 'hello'; readonly version: number }
  | { readonly kind: 'result'; readonly value: unknown };

export const plainRequest = (request: StrategyRequest): PlainRequest =>
  request.kind === 'run'
    ? { ...request, inputs: { ...request.inputs, rows: Array.from(request.inputs.rows) } }
    : request;

export const fromPlainRequest = (request: PlainRequest): StrategyRequest =>
  request.kind === 'run'
    ? {
        ...request,
        inputs: { ...request.inputs, rows: Float64Array.from(request.inputs.rows) },
      }
    : request;

/**
 * What plugin and venue say to each other. Requests go by HTTP; a WebSocket at /stream carries what
 * the venue says by itself. Everything is JSON.
 */
import type { VenueClock, VenueQuote, VenueTrade } from '@omniquant/plugin-sdk';
import type { CommandOutcome, VenueCommand } from '@omniquant/venue/commands';
import type { AccountMessage } from '@omniquant/venue/exchange-output';

/** POST /commands. Each command is carried out by itself, in order. */
export interface CommandsRequest {
  readonly commands: readonly VenueCommand[];
}

/** Outcomes in the order of the commands. */
export interface CommandsResponse {
  readonly outcomes: readonly CommandOutcome[];
}

/** Most commands in one request. */
export const MAX_COMMANDS = 1_000;

/** Any answer but 2xx. */
export interface ErrorResponse {
  readonly code: string;
  readonly message: string;
}

/** What a client of the stream says. */
export type StreamRequest =
  /** Joins an account's order stream: from the message after `after` on, or from now on if null. */
  | { readonly op: 'attach'; readonly account: string; readonly after: number | null }
  | { readonly op: 'detach'; readonly account: string }
  | { readonly op: 'subscribe'; readonly symbols: readonly string[] }
  /** In lockstep: all effects of that step are done. */
  | { readonly op: 'ack'; readonly step: number };

/** What the venue says on the stream. */
export type StreamMessage =
  /** The first message: the client is let in. */
  | { readonly op: 'hello'; readonly clock: VenueClock }
  | {
      readonly op: 'attached';
      readonly account: string;
      /** Number of the account's last message; those after `after` follow. */
      readonly seq: number;
      /** Messages after `after` are gone: ask for orders and fills. */
      readonly gap: boolean;
    }
  | { readonly op: 'events'; readonly messages: readonly AccountMessage[] }
  | {
      readonly op: 'market';
      readonly clock: VenueClock;
      readonly quotes: readonly VenueQuote[];
      readonly trades: readonly VenueTrade[];
      /** In lockstep: number of the step, to be acknowledged. */
      readonly step: number | null;
    }
  | { readonly op: 'heartbeat' }
  | { readonly op: 'error'; readonly code: string; readonly message: string };

/** How often the venue gives a sign of life, ms. */
export const HEARTBEAT_MS = 1_000;

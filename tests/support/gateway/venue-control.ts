import { readVenueNote } from '../../../gateway/venue/venue-note.ts';
import type { LedgerView } from '../../../plugins/broker-simulated/src/server/account-views.ts';
import type { FaultsChange, RequestFate } from '../../../plugins/broker-simulated/src/server/venue-faults.ts';
import { ask } from '../venue/simulated-connection.ts';

/** The controls of the venue that a gateway of this folder runs. */
export interface VenueControl {
  readonly url: string;
  ledger(accountId: string): Promise<LedgerView>;
  /** Market time stands still: prices change by `advance` only. */
  hold(): Promise<void>;
  release(): Promise<void>;
  /** Moves a held market, closed hours left out. */
  advance(ms: number): Promise<void>;
  now(): Promise<number>;
  setSpeed(speed: number): Promise<void>;
  setFaults(faults: FaultsChange): Promise<void>;
  /** What becomes of the next order requests. */
  scriptRequests(next: readonly RequestFate[]): Promise<void>;
  disturbStreams(action: 'mute' | 'cut'): Promise<void>;
  bust(executionId: string): Promise<void>;
  transfer(accountId: string, amount: string, reference: string): Promise<void>;
  tamper(
    accountId: string,
    change: {
      readonly cash?: string;
      readonly position?: { readonly symbol: string; readonly quantity: string };
    },
  ): Promise<void>;
}

export function controlVenue(dataDir: string): VenueControl {
  const note = readVenueNote(dataDir);
  if (note === null) throw new Error(`no venue runs for ${dataDir}`);
  const { url } = note;
  const path = (accountId: string, what: string): string => `/accounts/${accountId}/${what}`;
  return {
    url,
    ledger: (accountId) => ask<LedgerView>(url, 'GET', path(accountId, 'ledger')),
    hold: () => ask(url, 'PUT', '/clock', { held: true }),
    release: () => ask(url, 'PUT', '/clock', { held: false }),
    advance: (ms) => ask(url, 'POST', '/clock/advance', { ms }),
    now: async () => (await ask<{ at: number }>(url, 'GET', '/clock')).at,
    setSpeed: (speed) => ask(url, 'PUT', '/clock', { speed }),
    setFaults: (faults) => ask(url, 'PUT', '/faults', faults),
    scriptRequests: (next) => ask(url, 'POST', '/faults/requests', { next }),
    disturbStreams: (action) => ask(url, 'POST', '/faults/streams', { action }),
    bust: (executionId) => ask(url, 'POST', `/executions/${executionId}/bust`),
    transfer: (accountId, amount, reference) =>
      ask(url, 'POST', path(accountId, 'transfers'), { amount, currency: 'USD', reason: 'TEST', reference }),
    tamper: (accountId, change) => ask(url, 'POST', path(accountId, 'tamper'), change),
  };
}

import { type Fixed, parseDecimal } from '../../decimal.ts';
import type { InstrumentView } from '../../strategy-inputs.ts';
import { exact } from '../exact.ts';
import { fakeInstrument } from '../fake-context.ts';
import { ReplayError } from '../replay-error.ts';
import type { ReplayOptions } from '../replay-options.ts';

export interface InstrumentTerms {
  readonly view: InstrumentView;
  readonly tick: Fixed;
  readonly lot: Fixed;
  readonly multiplier: Fixed;
}

/** The options of a replay with what was left out, exact. */
export interface ReplaySettings extends Pick<ReplayOptions, 'refuse' | 'venueCancels'> {
  readonly instruments: ReadonlyMap<string, InstrumentTerms>;
  readonly startingCash: Fixed;
  readonly feePerUnit: Fixed;
  readonly feeRate: Fixed;
  readonly slippageBps: Fixed;
  readonly maxVolumeShare: Fixed | null;
  readonly allowShort: boolean;
  readonly leverage: Fixed | null;
}

const atLeastZero = (field: string, value: Fixed): Fixed => {
  if (value >= 0n) return value;
  throw new ReplayError('REPLAY_OPTIONS', `${field} must not be below zero`);
};

const instrumentTerms = (view: InstrumentView): InstrumentTerms => {
  const tick = parseDecimal(view.tickSize);
  const lot = parseDecimal(view.lotSize);
  const multiplier = parseDecimal(view.multiplier);
  if (tick > 0n && lot > 0n && multiplier > 0n) return { view, tick, lot, multiplier };
  throw new ReplayError(
    'REPLAY_OPTIONS',
    `tickSize, lotSize and multiplier of ${view.symbol} have to be above zero`,
  );
};

/** Throws {@link ReplayError} REPLAY_OPTIONS, and DecimalError for a text that is no decimal. */
export function replaySettings(options: ReplayOptions, symbols: readonly string[]): ReplaySettings {
  const { startingCash = '100000', slippageBps = 0, leverage = 1, commission = {} } = options;
  const given = new Map(options.instruments?.map((instrument) => [instrument.symbol, instrument]));
  const decimal = (field: string, text: string): Fixed => atLeastZero(field, parseDecimal(text));
  const share = options.maxVolumeShare;
  if (share !== undefined && decimal('maxVolumeShare', share) === 0n) {
    throw new ReplayError('REPLAY_OPTIONS', 'maxVolumeShare has to be above zero');
  }
  if (slippageBps >= 10_000) throw new ReplayError('REPLAY_OPTIONS', 'slippageBps has to be below 10,000');
  return {
    instruments: new Map(
      symbols.map((symbol) => [symbol, instrumentTerms(fakeInstrument(symbol, given.get(symbol)))]),
    ),
    startingCash: decimal('startingCash', startingCash),
    feePerUnit: decimal('commission.perUnit', commission.perUnit ?? '0'),
    feeRate: decimal('commission.rate', commission.rate ?? '0'),
    slippageBps: atLeastZero('slippageBps', exact(slippageBps)),
    maxVolumeShare: share === undefined ? null : parseDecimal(share),
    allowShort: options.allowShort ?? true,
    leverage: leverage === null ? null : atLeastZero('leverage', exact(leverage)),
    ...(options.refuse === undefined ? {} : { refuse: options.refuse }),
    ...(options.venueCancels === undefined ? {} : { venueCancels: options.venueCancels }),
  };
}

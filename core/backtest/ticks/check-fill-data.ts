import { BacktestError } from '../backtest-error.ts';
import type { BacktestSettings } from '../backtest-spec.ts';
import type { FillSettings } from '../fills-schema.ts';
import type { TickKind } from '../tick-source.ts';

/** What a fill model needs of each symbol. */
interface Need {
  readonly what: string;
  isMet(kinds: ReadonlySet<TickKind>): boolean;
}

const ofBars: Need = { what: 'bars and no ticks', isMet: (kinds) => kinds.size === 0 };

const NEEDS: Readonly<Partial<Record<FillSettings['model'], Need>>> = {
  VOLUME_SHARE: ofBars,
  SQUARE_ROOT_IMPACT: ofBars,
  L2_WALK: { what: 'L2 or L3', isMet: (kinds) => kinds.has('L2') || kinds.has('L3') },
  QUEUE_POSITION: {
    what: 'L3, or TRADES with L2 or QUOTES',
    isMet: (kinds) => kinds.has('L3') || (kinds.has('TRADES') && (kinds.has('L2') || kinds.has('QUOTES'))),
  },
  L3_FIFO: { what: 'L3', isMet: (kinds) => kinds.has('L3') },
};

const NO_KINDS: ReadonlySet<TickKind> = new Set();

/** Throws BacktestError BAD_USER_INPUT for a fill model that the data of a symbol do not do for. */
export const checkFillData = (
  { fills, symbols }: BacktestSettings,
  kinds: ReadonlyMap<string, ReadonlySet<TickKind>>,
): void => {
  const need = NEEDS[fills.model];
  const short = symbols.find((symbol) => need?.isMet(kinds.get(symbol) ?? NO_KINDS) === false);
  if (need === undefined || short === undefined) return;
  const has = [...(kinds.get(short) ?? NO_KINDS)].join(', ');
  const text = `fills.model ${fills.model} needs ${need.what} of each symbol; of ${short} there are ${has === '' ? 'bars' : has}`;
  throw new BacktestError('BAD_USER_INPUT', text, 'fills.model');
};

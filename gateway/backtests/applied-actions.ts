import type {
  CorporateAction,
  Dividend,
  Split,
  StoredActions,
} from '../../core/backtest/corporate-actions.ts';
import type { CheckedRequest } from './backtest-request.ts';
import type { MarketDataSource } from './market-data/market-data-source.ts';

/** What is applied to the prices of a run, and paid in it. */
export interface AppliedActions {
  readonly splits: readonly Split[];
  /** Per unit of the ex-day. */
  readonly dividends: readonly Dividend[];
  /** What of them nobody has asked for: it is stored beside the series. */
  readonly stored: readonly StoredActions[];
}

type Asked = Pick<CheckedRequest, 'benchmark' | 'corporateActions' | 'dividends' | 'prices' | 'symbols'>;

/**
 * Of prices as they were traded: the actions that the request has, else those that are stored beside the series of its
 * symbols. Dividends of the request go before stored ones. Splits of the benchmark count, its dividends do not: it is
 * compared by its price. Prices that are adjusted have all of it already, but for dividends of the request.
 */
export function appliedActions(request: Asked, data: Pick<MarketDataSource, 'actions'>): AppliedActions {
  const { corporateActions, dividends, prices } = request;
  const stored = prices === 'RAW' && corporateActions === null ? storedActions(request, data) : [];
  const asked = prices === 'RAW' ? (corporateActions ?? []) : [];
  const counting = [...asked, ...stored.flatMap(({ actions }) => actions)].filter(counts(request));
  return {
    splits: counting.flatMap(splitOf),
    dividends: [...(dividends ?? []), ...counting.flatMap(dividendOf)],
    stored,
  };
}

/** Splits of what is looked at, and dividends of what is held. */
const counts =
  ({ benchmark, symbols }: Asked) =>
  ({ kind, symbol }: CorporateAction): boolean =>
    symbols.includes(symbol) || (kind === 'SPLIT' && symbol === benchmark);

function storedActions(request: Asked, data: Pick<MarketDataSource, 'actions'>): readonly StoredActions[] {
  const { benchmark, dividends, symbols } = request;
  const isCounted = counts(request);
  return [...new Set([...symbols, ...(benchmark === null ? [] : [benchmark])])].flatMap((symbol) => {
    const found = data.actions(symbol);
    if (found === null) return [];
    const actions = found.actions.filter(
      (action) => isCounted(action) && (action.kind === 'SPLIT' || dividends === null),
    );
    return actions.length === 0 ? [] : [{ ...found, actions }];
  });
}

function splitOf(action: CorporateAction): readonly Split[] {
  if (action.kind !== 'SPLIT') return [];
  const { exDay, from, symbol, to } = action;
  return [{ symbol, exDay, to, from }];
}

function dividendOf(action: CorporateAction): readonly Dividend[] {
  if (action.kind !== 'DIVIDEND') return [];
  const { amount, exDay, symbol } = action;
  return [{ symbol, exDay, amount }];
}

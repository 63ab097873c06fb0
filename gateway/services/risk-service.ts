import { parseDecimal, toNumber } from '@omniquant/plugin-sdk/decimal';

import { requireScope } from '../../core/identity/principal.ts';
import type { EquityDay } from '../../core/ports/order-reader.ts';
import { type HistoricalRisk, historicalRisk } from '../../core/risk/var.ts';
import type { RiskService } from '../../schema/risk/risk-service.ts';
import type { AccountAccess } from './account-access.ts';
import type { Benchmark } from './benchmark.ts';

/** A year of daily returns. */
const DAYS = 253;

/** The return of a day, from its opening (and what came or went during it) to the opening of the next. */
interface DailyReturn {
  readonly from: string;
  readonly to: string;
  readonly value: number;
}

function dailyReturns(days: readonly EquityDay[]): readonly DailyReturn[] {
  return days.slice(1).flatMap((next, index) => {
    const day = days[index];
    const before = day === undefined ? 0 : toNumber(parseDecimal(next.previous ?? day.equity));
    if (day === undefined || before <= 0) return [];
    const value = toNumber(parseDecimal(next.equity)) / before - 1;
    return Number.isFinite(value) ? [{ from: day.day, to: next.day, value }] : [];
  });
}

/** Beta over the days that both have a return for; all other figures over all days of the account. */
function riskOf(days: readonly EquityDay[], opens: ReadonlyMap<string, number>): HistoricalRisk {
  const returns = dailyReturns(days);
  const pairs = returns.flatMap(({ from, to, value }) => {
    const [before, after] = [opens.get(from), opens.get(to)];
    return before === undefined || after === undefined ? [] : [[value, after / before - 1] as const];
  });
  const values = returns.map(({ value }) => value);
  const common = historicalRisk(
    pairs.map(([own]) => own),
    pairs.map(([, other]) => other),
  );
  return { ...historicalRisk(values, null), beta: common.beta };
}

export interface RiskServiceOptions {
  readonly access: AccountAccess;
  readonly benchmark: Benchmark;
}

export function createRiskService({ access, benchmark }: RiskServiceOptions): RiskService {
  return {
    async alerts(context, accountId, first, beforeSeq) {
      requireScope(context.principal, 'READ');
      await access.require(context, accountId, 'accountId');
      return context.reader.alerts(accountId, first, beforeSeq);
    },

    async historical(context, accountIds) {
      requireScope(context.principal, 'READ');
      const days = await context.reader.equityDays(accountIds, DAYS);
      const first = [...days.values()].flatMap((each) => each[0]?.at ?? []).sort((a, b) => a - b)[0];
      const opens =
        first === undefined ? new Map<string, number>() : await benchmark.opens(first, context.signal);
      return accountIds.map((id) => riskOf(days.get(id) ?? [], opens));
    },
  };
}

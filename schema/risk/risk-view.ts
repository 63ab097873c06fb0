import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import type { RiskLimits } from '../../core/risk/limits.ts';
import { fractionOfEquity, type HistoricalRisk } from '../../core/risk/var.ts';
import type { StreamCursors } from '../pagination/stream-cursor.ts';
import type { AccountAlert } from '../streams.ts';
import type { RiskLimitsInput } from './risk.input.ts';
import type { RiskMetrics } from './risk.type.ts';
import type { RiskAlert } from './risk-alert.type.ts';

/** Null lifts a limit, so only what is left out must go. */
export function toLimits(input: RiskLimitsInput): Partial<RiskLimits> {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

export function toRiskMetrics(risk: HistoricalRisk, equity: string | null): RiskMetrics {
  const worth = equity === null ? null : parseDecimal(equity);
  const amount = (fraction: number | null): string | null => {
    const loss = fractionOfEquity(fraction, worth);
    return loss === null ? null : formatDecimal(loss);
  };
  return {
    valueAtRisk: amount(risk.valueAtRisk),
    conditionalValueAtRisk: amount(risk.conditionalValueAtRisk),
    volatility: risk.volatility,
    beta: risk.beta,
  };
}

export function toRiskAlert({ accountId, alert }: AccountAlert, cursors: StreamCursors): RiskAlert {
  const { seq, at, severity, code, message } = alert;
  const cursor = cursors.encode(accountId, seq);
  return { id: `${accountId}:${String(seq)}`, cursor, at, severity, code, message, accountId };
}

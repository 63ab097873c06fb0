import type { Difference } from '../../../core/backtest/bias/first-difference.ts';
import type { LookAheadReport, WarmUpReport } from '../../backtests/bias-analysis.ts';

const iso = (at: number): string => new Date(at).toISOString();

/** An order or a fill in a line. */
function rowText(row: Difference['found']): string {
  if (row === null) return 'nothing';
  const what = 'type' in row ? row.type : 'fill';
  const price = 'price' in row ? row.price : (row.limitPrice ?? row.stopPrice);
  const status = 'status' in row ? ` ${row.status}` : '';
  return `${row.side} ${row.quantity ?? ''} ${row.symbol} ${what}${price === null ? '' : ` ${price}`}${status}`;
}

const differenceText = ({ at, expected, found }: Difference, here: string, there: string): string =>
  `${iso(at)}: ${rowText(found)} ${here}, ${rowText(expected)} ${there}`;

function table(rows: readonly (readonly string[])[]): string {
  const [header = []] = rows;
  const widths = header.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return `${rows.map(line).join('\n')}\n`;
}

export function lookAheadTable({ checks, hasBias, orders, strategy, symbols }: LookAheadReport): string {
  const rows = checks.map(({ difference, endsAt, orders: compared }) => [
    ...[iso(endsAt), String(compared)],
    difference === null ? 'the same' : differenceText(difference, 'here', 'in the whole run'),
  ]);
  const verdict = hasBias
    ? 'Look-ahead: what it did depended on data that came later, or is not the same twice.'
    : 'No look-ahead was found.';
  return `${strategy} on ${symbols.join(', ')}: ${String(orders)} orders in the whole run\n${table([
    ['data up to', 'orders', 'compared with the whole run'],
    ...rows,
  ])}${verdict}\n`;
}

export function warmUpTable(report: WarmUpReport): string {
  const { checks, own, stableFrom, startedAt, strategy, symbols, tooLong } = report;
  const rows = checks.map(({ bars, difference, extra, missing, orders }) => [
    ...[`${String(bars)}${bars === own ? ' (its own)' : ''}`, String(orders), String(extra), String(missing)],
    difference === null ? 'the same' : differenceText(difference, 'here', 'with the longest'),
  ]);
  const verdict =
    stableFrom === null
      ? 'No two lengths gave the same: a longer warm-up may change it further.'
      : `The same from ${String(stableFrom)} bars on.`;
  const left = tooLong.length === 0 ? '' : `Too few bars for ${tooLong.join(', ')}.\n`;
  return `${strategy} on ${symbols.join(', ')}, from ${iso(startedAt)}\n${table([
    ['warm-up', 'orders', 'extra', 'missing', 'compared with the longest'],
    ...rows,
  ])}${left}${verdict}\n`;
}

import { counted, formatCount, formatDay } from '../format.ts';
import { html, type Markup } from '../html.ts';
import { SUMMARY_LABELS } from '../statistics/withheld.ts';
import type { Notice, TearSheetInput } from '../tear-sheet-input.ts';

/** What the report itself gives to say, besides what its maker did. */
const ofReport = ({ performance: { basis, withheld, moments, trades } }: TearSheetInput): Notice[] => {
  const { minimumSample, ruinedOn, carriedDays, days } = basis;
  const list: Notice[] = [];
  if (ruinedOn !== null) {
    list.push({
      severity: 'WARNING',
      text: `Nothing was left on ${formatDay(ruinedOn)}: there are no returns after that day.`,
    });
  }
  if (withheld.length > 0) {
    const samples = [
      ...(moments.count < minimumSample.days
        ? [`${counted(moments.count, 'daily return')} (at least ${minimumSample.days} are asked for)`]
        : []),
      ...(trades.statistics.trades < minimumSample.trades
        ? [`${counted(trades.statistics.trades, 'closed trade')} (at least ${minimumSample.trades})`]
        : []),
    ];
    list.push({
      severity: 'WARNING',
      text:
        `Too small a sample: ${samples.join(' and ')}. Withheld from the key figures, and marked † in the tables: ` +
        `${withheld.map((field) => SUMMARY_LABELS[field]).join(', ')}.`,
    });
  }
  if (days > 0 && carriedDays > 0) {
    list.push({
      severity: 'INFO',
      text: `On ${formatCount(carriedDays)} of ${formatCount(days)} trading days equity was not recorded and the value before was kept.`,
    });
  }
  return list;
};

export const notices = (input: TearSheetInput): Markup | null => {
  const all = [...input.notices, ...ofReport(input)];
  if (all.length === 0) return null;
  return html`<section class="notices" aria-label="Notices">
    ${all.map(
      ({ severity, text }) =>
        html`<p class="${severity.toLowerCase()}">
          <strong>${severity === 'WARNING' ? 'Mind:' : 'Note:'}</strong> <bdi>${text}</bdi>
        </p>`,
    )}
  </section>`;
};

import { describe, expect, it } from '@jest/globals';

import { columnsOf } from '../../../../core/backtest/bar-source.ts';
import { offerStoredBars } from '../../../../gateway/backtests/market-data/stored-bars-channel.ts';
import type { StoredBarsReader } from '../../../../gateway/database/stored-bars/stored-bars-reader.ts';
import { checkSweepTask, turnSweepTask } from '../../../../gateway/sweeps/jobs/sweep-tasks.ts';
import { evaluateSweepTask } from '../../../../gateway/sweeps/local/evaluate-sweep-task.ts';
import { flatRows, instrumentOf } from '../backtests/memory-market-data.ts';

const { signal } = new AbortController();
const MINUTE = 60_000;
const ROWS = 400;
const plugin = (specifier: string) => ({ specifier, grants: [] });
const plugins = [plugin('@omniquant/strategy-sma-cross'), plugin('@omniquant/tuner-grid')];
const dataDir = 'no-folder-of-bars';

/** Bars of AB, one a minute. */
const reader: StoredBarsReader = {
  series: () =>
    Promise.resolve([
      {
        ...{ id: '1', symbol: 'AB', interval: 'MINUTE_1', source: 'feed', instrument: instrumentOf('AB') },
        ...{ isOwn: false, rows: ROWS, first: 0, last: (ROWS - 1) * MINUTE },
      },
    ]),
  page: (_workspaceId, { after, limit, to }) => {
    const rows = flatRows(0, MINUTE, ROWS).filter(({ at }) => at > (after ?? -1) && at < (to ?? Infinity));
    return Promise.resolve(columnsOf(rows.slice(0, limit)));
  },
};

/** As for one job of a thread. */
async function offering<T>(
  work: (stored: Awaited<ReturnType<typeof offerStoredBars>>['offer']) => Promise<T>,
) {
  const { close, offer } = await offerStoredBars(reader, 'workspace-1', signal);
  try {
    return await work(structuredClone(offer));
  } finally {
    close();
  }
}

describe('a sweep over bars that gateways have kept', () => {
  it('is checked against them, and each batch reads those that it is offered', async () => {
    const backtest = { strategy: 'sma-cross', symbols: ['AB'], interval: 'MINUTE_1' };
    const request = { backtest, space: { fast: [5, 10] } };
    const checked = await offering((stored) => checkSweepTask({ request, plugins, dataDir, stored }));
    if (!('settings' in checked)) throw new Error(checked.problem.message);
    expect(checked.total).toBe(2);
    const { settings } = checked;
    const next = await turnSweepTask({ settings, plugins, state: null, evaluations: [], most: 5 });
    for (const task of next?.tasks ?? []) {
      // Nothing stays in memory, so that each reads anew; what the first was offered is not there any more.
      const [evaluation] = await offering((stored) =>
        evaluateSweepTask(
          { settings, tasks: [task], plugins, dataDir, stored, barMegabytes: 0 },
          () => undefined,
        ),
      );
      expect(evaluation).toMatchObject({ key: task.key, failure: null });
      expect(evaluation?.counts.bars).toBeGreaterThan(300);
    }
  });
});

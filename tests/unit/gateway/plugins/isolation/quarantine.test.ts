import { describe, expect, it } from '@jest/globals';

import { Quarantine } from '../../../../../gateway/plugins/isolation/quarantine.ts';

const suspect = (strategyId: string, workspaceId = 'w1') => ({
  owner: { workspaceId },
  strategy: 'leaky',
  strategyId,
});

describe('the quarantine', () => {
  let now = 0;
  const quarantine = () => new Quarantine({ crashes: 3, withinMs: 60_000, now: () => now });
  const crashed = (kept: Quarantine, ids: readonly string[], everyMs: number): void => {
    for (const id of ids) {
      kept.crashed(suspect(id), 'it leaked');
      now += everyMs;
    }
  };
  const admission =
    (kept: Quarantine, ...who: Parameters<typeof suspect>) =>
    (): void => {
      kept.admit(suspect(...who));
    };

  it('begins with the third crash within the time, whichever instance it was of', () => {
    const kept = quarantine();
    crashed(kept, ['s1', 's2'], 1_000);
    expect(admission(kept, 's1')).not.toThrow();
    crashed(kept, ['s1'], 1_000);
    const refused = expect.objectContaining({ code: 'STRATEGY_QUARANTINED', isHopeless: true });
    expect(admission(kept, 's1')).toThrow(refused);
    expect(admission(kept, 's2')).toThrow(refused);
    expect(admission(kept, 's1', 'w2')).not.toThrow();
  });

  it('does not begin with crashes that are far apart', () => {
    const kept = quarantine();
    crashed(kept, ['s1', 's1', 's1', 's1'], 40_000);
    expect(admission(kept, 's1')).not.toThrow();
  });

  it('ends when somebody starts the strategy anew', () => {
    const kept = quarantine();
    crashed(kept, ['s1', 's1', 's1'], 0);
    expect(admission(kept, 's9')).not.toThrow();
    crashed(kept, ['s9'], 0);
    expect(admission(kept, 's9')).not.toThrow();
  });
});

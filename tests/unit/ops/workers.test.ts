import { readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { SETTINGS } from '../../../gateway/settings.ts';
import { METRIC_DEFINITIONS } from '../../../gateway/telemetry/metric-definitions.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

interface Dashboard {
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string }[];
  }[];
}

describe('what operators are given for workers', () => {
  it('draws metrics that there are, and every one of backtests', () => {
    const { panels } = JSON.parse(read('ops/grafana/backtests.json')) as Dashboard;
    const drawn = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => [...expr.matchAll(/omniquant_([a-z_]+)/g)].map(([, name]) => name ?? '')),
    );
    const names = new Set(drawn.map((name) => name.replace(/_bucket$/, '')));
    expect([...names].filter((name) => METRIC_DEFINITIONS[name] === undefined)).toEqual([]);
    const ours = Object.keys(METRIC_DEFINITIONS).filter((name) => /^(backtests?|sweeps_removed)_/.test(name));
    expect([...names].sort()).toEqual(ours.sort());
  });

  it.each(['docker-compose.prod.yml', 'ops/k8s/worker.yaml'])(
    'starts them with settings that there are: %s',
    (path) => {
      const text = read(path);
      const named = [...text.matchAll(/^\s+(?:- \{ name: )?([A-Z][A-Z_]+)(?:: |, value: )/gm)].map(
        ([, name]) => name ?? '',
      );
      const elsewhere = /^(POSTGRES_|VENUE_(DATA_DIR|HOST|PORT|SEED|SPEED))/;
      expect(named.length).toBeGreaterThan(4);
      expect(named.filter((name) => !(name in SETTINGS) && !elsewhere.test(name))).toEqual([]);
      expect(text).toContain('dist/gateway/cli/main.js');
      expect(text).toContain('/readyz');
    },
  );
});

/**
 * `npm run bench -- [names] [--full]`: measures and prints one line of JSON a figure; all else goes to
 * the error output. A bench that fails does not keep the others from running, but the run fails.
 */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import type { Bench, Figure } from './bench.ts';
import { shareCluster } from './load/shared-cluster.ts';
import { shareGateway } from './load/shared-gateway.ts';
import { type Benches, BY_THEMSELVES, ON_A_CLUSTER, ON_A_GATEWAY } from './registry.ts';

const { values, positionals } = parseArgs({
  options: { full: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const say = (text: string): boolean => process.stderr.write(`${text}\n`);

const known = Object.keys({ ...ON_A_GATEWAY, ...ON_A_CLUSTER, ...BY_THEMSELVES });
const unknown = positionals.find((name) => !known.includes(name));
if (unknown !== undefined) {
  say(`There is no bench ${unknown}. There are: ${known.join(', ')}.`);
  process.exit(2);
}

function print(bench: string, { name, value, unit, ratio, reference }: Figure): void {
  const figure = {
    name: `${bench}/${name}`,
    value: rounded(value),
    unit,
    ratio: ratio === null ? null : rounded(ratio),
    reference,
  };
  process.stdout.write(`${JSON.stringify(figure)}\n`);
}

/** Four digits: more would pretend a precision that no run has. */
function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

// What gateways of this run begin with: made by the first that starts one.
const folder = mkdtempSync(join(tmpdir(), 'omniquant-bench-run-'));
chmodSync(folder, 0o711);
process.env.TEST_PREPARED_DIR = join(folder, 'prepared');

const isWanted = (name: string): boolean => positionals.length === 0 || positionals.includes(name);
const gateway = shareGateway();
const cluster = shareCluster();
let failures = 0;

async function measure(name: string, load: () => Promise<Bench>): Promise<void> {
  const started = performance.now();
  try {
    const bench = await load();
    const options = { quick: !values.full, gateway: () => gateway.get(), cluster: () => cluster.get() };
    for await (const figure of bench.run(options)) print(name, figure);
    say(`${name}: ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  } catch (error) {
    failures += 1;
    say(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}

async function measureAll(benches: Benches): Promise<void> {
  for (const [name, load] of Object.entries(benches)) if (isWanted(name)) await measure(name, load);
}

await measureAll(ON_A_GATEWAY);
await gateway.close();
await measureAll(ON_A_CLUSTER);
await cluster.close();
await measureAll(BY_THEMSELVES);
rmSync(folder, { recursive: true, force: true });
process.exit(failures === 0 ? 0 : 1);

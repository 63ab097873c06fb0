/**
 * `npm run bench -- [names] [--full]`: measures and prints one line of JSON a figure; all else goes to
 * the error output. A bench that fails does not keep the others from running, but the run fails.
 */
import { parseArgs } from 'node:util';

import type { Figure } from './bench.ts';
import { BENCHES } from './registry.ts';

const { values, positionals } = parseArgs({
  options: { full: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const say = (text: string): boolean => process.stderr.write(`${text}\n`);

const unknown = positionals.find((name) => !(name in BENCHES));
if (unknown !== undefined) {
  say(`There is no bench ${unknown}. There are: ${Object.keys(BENCHES).join(', ')}.`);
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

let failures = 0;
for (const [name, load] of Object.entries(BENCHES)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  const started = performance.now();
  try {
    const bench = await load();
    for await (const figure of bench.run({ quick: !values.full })) print(name, figure);
    say(`${name}: ${((performance.now() - started) / 1_000).toFixed(1)} s`);
  } catch (error) {
    failures += 1;
    say(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
process.exit(failures === 0 ? 0 : 1);

/**
 * Runs seeds of the simulation: `npm run simulate -- [--from 1] [--seeds 100] [--minutes 0] [--trace] [--brief]`.
 * Ends with code 1 at the first seed that breaks a promise, after printing it with a minimal plan (not if --brief).
 */
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';

import { planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '0' },
    trace: { type: 'boolean', default: false },
    brief: { type: 'boolean', default: false },
  },
});
const from = Number(values.from);
const minutes = Number(values.minutes);
const started = performance.now();
const last = minutes > 0 ? Number.POSITIVE_INFINITY : from + Number(values.seeds) - 1;
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

let seed = from;
const { stackTraceLimit } = Error;
// What is thrown and caught by the thousand needs no stack.
Error.stackTraceLimit = 0;
const digest = createHash('sha256');
for (; seed <= last; seed += 1) {
  if (minutes > 0 && performance.now() - started > minutes * 60_000) break;
  const plan = planOf(seed);
  const verdict = await simulate(plan);
  digest.update(verdict.trace.join('\n'));
  if (values.trace) say(verdict.trace.join('\n'));
  if (verdict.broken !== null) {
    say(`seed ${String(seed)} breaks a promise: ${verdict.broken.message}`);
    if (values.brief) process.exit(1);
    Error.stackTraceLimit = stackTraceLimit;
    const minimal = await shrink(plan, verdict.broken.promise);
    say(minimal.broken?.message ?? '');
    say(`With ${String(minimal.plan.steps.length)} of its ${String(plan.steps.length)} steps:`);
    say([...minimal.trace, ...minimal.journals].join('\n'));
    say(`again: npm run simulate -- --from ${String(seed)} --seeds 1`);
    process.exit(1);
  }
}
const seconds = (performance.now() - started) / 1_000;
const seeds = seed - from;
say(JSON.stringify({ seeds, seconds, seedsPerSecond: seeds / seconds, digest: digest.digest('hex') }));

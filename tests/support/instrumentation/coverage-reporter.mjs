import { once } from 'node:events';
import { globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/**
 * Adds up what modules have counted, and gives it to jest's own reporter of coverage, which comes after those
 * of the configuration. That one keeps the objects it is given first: hits of later test files are added there.
 */
export default class CoverageReporter {
  constructor({ collectCoverage, collectCoverageFrom, rootDir }) {
    this.isAsked = collectCoverage;
    this.patterns = collectCoverageFrom;
    this.root = rootDir;
    this.isGiven = false;
  }

  /** Every file that counts is instrumented once, also those that no test loads: several workers would do it at once. */
  async onRunStart() {
    if (!this.isAsked) return;
    const coverages = await instrumentAll(filesOf(this.patterns, this.root));
    this.totals = new Map(coverages.map((coverage) => [coverage.path, coverage]));
  }

  onTestFileResult(_test, result) {
    if (!this.isAsked) return;
    for (const [path, counted] of Object.entries(result.coverage ?? {})) {
      addHits(this.totals.get(path), counted);
    }
    result.coverage = this.isGiven ? undefined : Object.fromEntries(this.totals);
    this.isGiven = true;
  }
}

function filesOf(patterns, cwd) {
  const exclude = patterns.filter((each) => each.startsWith('!')).map((each) => each.slice(1));
  const counted = patterns.filter((each) => !each.startsWith('!'));
  return globSync(counted, { cwd, exclude }).map((file) => join(cwd, file));
}

/** Their coverages without a hit. */
async function instrumentAll(files) {
  const threads = availableParallelism();
  const parts = Array.from({ length: threads }, (_, part) =>
    files.filter((_file, at) => at % threads === part),
  );
  const script = new URL('./instrument-thread.mjs', import.meta.url);
  const done = await Promise.all(
    parts.map((part) => once(new Worker(script, { workerData: part }), 'message')),
  );
  return done.flat(2);
}

/** Statements and functions have a number each, branches one for each way. */
function addHits(total, { s, f, b }) {
  for (const key in s) total.s[key] += s[key];
  for (const key in f) total.f[key] += f[key];
  for (const key in b) b[key].forEach((hits, way) => (total.b[key][way] += hits));
}

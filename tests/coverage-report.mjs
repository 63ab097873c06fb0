/**
 * The coverage of all runs named on the command line as one, without those that were not made.
 * Fails where less is covered than has to be.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import coverage from 'istanbul-lib-coverage';
import report from 'istanbul-lib-report';
import reports from 'istanbul-reports';

/** Per cent of lines, by folder. */
const LEAST = { '.': 85, core: 90 };

const map = coverage.createCoverageMap();
const files = process.argv.slice(2).map((folder) => join(folder, 'coverage-final.json'));
for (const file of files.filter((each) => existsSync(each))) {
  map.merge(JSON.parse(readFileSync(file, 'utf8')));
}

const context = report.createContext({ dir: 'coverage', coverageMap: map });
for (const kind of ['text-summary', 'html', 'lcovonly', 'json-summary']) {
  reports.create(kind).execute(context);
}

for (const [folder, least] of Object.entries(LEAST)) {
  const summary = coverage.createCoverageSummary();
  for (const file of map.files()) {
    const isIn = folder === '.' || relative(folder, file).split('/', 1)[0] !== '..';
    if (isIn) summary.merge(map.fileCoverageFor(file).toSummary());
  }
  const { pct } = summary.lines;
  const where = folder === '.' ? 'all' : folder;
  process.stdout.write(`lines covered in ${where}: ${pct} % (at least ${least} %)\n`);
  if (!(pct >= least)) process.exitCode = 1;
}

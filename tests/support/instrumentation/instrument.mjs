/**
 * Sources with counters, as jest makes them itself, but for one thing: jest writes the places of all that is
 * counted into each module, whose text that makes four times as long, compiled and sent about anew for every
 * test file. Here a module has its counters alone. The places are kept beside it for the reporter.
 */
import { hash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { threadId } from 'node:worker_threads';

import { transformSync as compile } from '@swc/core';

import { swcOptions } from '../../../swc.options.mjs';

const require = createRequire(import.meta.url);
const folder = fileURLToPath(new URL('../../../node_modules/.cache/counted', import.meta.url));
const own = readFileSync(fileURLToPath(import.meta.url), 'utf8');
const versions = ['@swc/core', '@babel/core', 'istanbul-lib-instrument'].map(
  (name) => require(`${name}/package.json`).version,
);
const making = JSON.stringify([own, versions, swcOptions]);

/** Members of a file's coverage that a module needs to count; the others say where what is counted stands. */
const COUNTERS = ['path', 'hash', 's', 'f', 'b'];

/** What is made of a source, kept from before or made now: `code`, its `map`, and `coverage` without a hit. */
export function countedSource(filename, source) {
  const place = `${folder}/${hash('sha1', making + filename + source)}`;
  return readKept(place) ?? keep(place, instrument(filename, source));
}

function readKept(place) {
  try {
    return JSON.parse(readFileSync(`${place}.json`, 'utf8'));
  } catch {
    // It has changed, it is read for the first time, or its writing was cut short.
    return null;
  }
}

function keep(place, counted) {
  const draft = `${place}.${process.pid}-${threadId}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(draft, JSON.stringify(counted));
  renameSync(draft, `${place}.json`);
  return counted;
}

function instrument(filename, source) {
  // Slow to load, and not needed once everything is kept.
  const { transformSync, types } = require('@babel/core');
  const { programVisitor } = require('istanbul-lib-instrument');
  const compiled = compile(source, { ...swcOptions, sourceMaps: true, filename });
  const sourceMap = JSON.parse(compiled.map);
  const visitor = programVisitor(types, filename, { inputSourceMap: sourceMap });
  let coverage;
  const program = {
    enter: (path) => {
      visitor.enter(path);
      path.scope.crawl();
    },
    exit: (path) => {
      coverage = visitor.exit(path).fileCoverage;
      leaveCounters(path);
    },
  };
  const { code, map } = transformSync(compiled.code, {
    ...{ filename, babelrc: false, configFile: false, inputSourceMap: sourceMap, sourceMaps: true },
    auxiliaryCommentBefore: ' istanbul ignore next ',
    plugins: [{ visitor: { Program: program } }],
  });
  return { code, map, coverage };
}

/** Takes the places out of `var coverageData = {...}` at the top of an instrumented module. */
function leaveCounters(program) {
  const [counters] = program.node.body;
  const data = counters.body.body
    .flatMap(({ declarations = [] }) => declarations)
    .find(({ id }) => id.name === 'coverageData');
  data.init.properties = data.init.properties.filter(({ key }) => COUNTERS.includes(key.name ?? key.value));
}

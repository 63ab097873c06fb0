import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

import { countedSource } from './instrument.mjs';

parentPort.postMessage(
  workerData.map((filename) => countedSource(filename, readFileSync(filename, 'utf8')).coverage),
);

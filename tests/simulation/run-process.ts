import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FLAGS = [
  // As package.json gives it to jest: much garbage, little of it old.
  '--max-semi-space-size=32',
  '--conditions=omniquant:source',
  '--import',
  './hooks.mjs',
  '--disable-warning=ExperimentalWarning',
];

export interface SimulationRun {
  readonly from: number;
  readonly seeds?: number;
  readonly minutes?: number;
  readonly mutant?: string;
}

export interface SimulationResult {
  readonly code: number;
  readonly output: string;
}

/** Seeds in a process of their own: several run at a time, and a planted defect stays there. */
export function runSimulation({
  from,
  seeds = 1,
  minutes = 0,
  mutant,
}: SimulationRun): Promise<SimulationResult> {
  const plant = mutant === undefined ? [] : ['--import', './tests/simulation/mutants/plant.mjs'];
  const args = ['--from', String(from), '--seeds', String(seeds), '--minutes', String(minutes)];
  // Of a planted defect nothing but the seed that finds it is of interest.
  if (mutant !== undefined) args.push('--brief');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [...FLAGS, ...plant, 'tests/simulation/main.ts', ...args],
      { cwd: ROOT, maxBuffer: 64_000_000, env: { ...process.env, NODE_OPTIONS: '', MUTANT: mutant ?? '' } },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 255;
        resolve({ code, output: `${stdout}${stderr}` });
      },
    );
  });
}

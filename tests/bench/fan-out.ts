import type { Bench } from './bench.ts';
export const fanOut: Bench = { name: 'fan-out', async *run() {} };

import type { Cluster } from '../support/cluster/cluster.ts';
import type { BenchGateway } from './load/bench-gateway.ts';

/** One measured number. */
export interface Figure {
  /** Within its bench, e.g. `redis`. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** value / reference, where the reference was measured in the same run; null where there is none. */
  readonly ratio: number | null;
  /** What `ratio` compares with, or what the value is measured on. */
  readonly reference: string | null;
}

export interface BenchOptions {
  /** Small enough that all benches together take less than two minutes. */
  readonly quick: boolean;
  /** The gateway that benches share; started when one first asks for it, and closed after the last. */
  readonly gateway: () => Promise<BenchGateway>;
  /** The same of a cluster; what a bench adds to it stays. */
  readonly cluster: () => Promise<Cluster>;
}

/** A subject that is measured, in a file of its own and listed in registry.ts. */
export interface Bench {
  readonly name: string;
  /** Throws where it cannot run. */
  run(options: BenchOptions): AsyncIterable<Figure>;
}

import type { Json, LogLevel } from '@omniquant/plugin-sdk';

/** Told after a commit: the account's journal grew from `from` (exclusive) to `to`. */
export interface CommitNotice {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly from: number;
  readonly to: number;
}

/** Told when rights change: sessions and sockets of the subject are checked again. */
export interface RevocationNotice {
  readonly subject: string;
}

/** What a strategy says, or its host about it. */
export interface StrategyNotice {
  readonly accountId: string;
  readonly workspaceId: string;
  readonly strategyId: string;
  /** Market time. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
  readonly data: Json;
}

/** Told after a backtest has changed; read it anew. */
export interface BacktestNotice {
  readonly backtestId: string;
  readonly workspaceId: string;
  /** CHANGED: it was taken up, has come further or has ended. */
  readonly change: 'QUEUED' | 'CHANGED' | 'CANCELED';
}

/** As that of a backtest. QUEUED: there is a batch for whoever is free. */
export interface SweepNotice extends Pick<BacktestNotice, 'workspaceId' | 'change'> {
  readonly sweepId: string;
}

export interface BusTopics {
  readonly backtest: BacktestNotice;
  readonly sweep: SweepNotice;
  readonly strategyEvent: StrategyNotice;
  readonly commit: CommitNotice;
  readonly revocation: RevocationNotice;
  /** The gateway-wide trading state changed; read it anew. */
  readonly gatewayState: { readonly version: number };
  /** Settings or credentials of a broker connection changed. */
  readonly brokerSettings: { readonly connection: string };
  /** What operators set of plugins changed; read it anew. */
  readonly plugins: Readonly<Record<string, never>>;
}

/**
 * Fan-out between processes. A hint, never the truth: messages may be lost, so whoever listens also
 * polls what it depends on. Publishing never throws and never waits.
 */
export interface Bus {
  publish<T extends keyof BusTopics>(topic: T, message: BusTopics[T]): void;
  /** Returns the unsubscribe function. */
  subscribe<T extends keyof BusTopics>(topic: T, listener: (message: BusTopics[T]) => void): () => void;
  close(): Promise<void>;
}

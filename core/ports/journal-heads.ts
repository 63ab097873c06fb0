/** How far the journals of accounts have grown, over all workspaces: for the gateway's own followers. */
export interface JournalHeads {
  /** Sequence of the last committed event of each account that exists; one query. */
  heads(accountIds: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>>;
}

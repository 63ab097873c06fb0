/** Where an account lives: known before its first event, and the same for ever. */
export interface AccountEntry {
  readonly accountId: string;
  readonly workspaceId: string;
  /** As `shardOf` made it when the account was opened; the lease on it is the right to write the account. */
  readonly shard: number;
  /** Id of the broker extension. */
  readonly broker: string;
  /** Names the settings and credentials: accounts with the same broker and connection share one. */
  readonly connection: string;
}

/** Which accounts there are and where. Entries never change, so that readers may keep them. */
export interface AccountDirectory {
  /** Those that exist; the order of the answer means nothing. */
  find(accountIds: readonly string[], signal: AbortSignal): Promise<readonly AccountEntry[]>;
  /** Before the account's first event. Adding an entry again does nothing; the stored one is answered. */
  add(entry: AccountEntry, signal: AbortSignal): Promise<AccountEntry>;
}

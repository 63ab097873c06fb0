/** JSON object as it came from the client, checked against the extension's schema. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a broker connection needs: its config, and its credentials if the broker has any. */
export interface BrokerSettings {
  readonly config: JsonObject | null;
  readonly secrets: JsonObject | null;
}

/** Settings of accounts' own connections, sealed before they are stored. */
export interface BrokerSettingsStore {
  /** A new version of the parts that are not null; the others stay. Durable when it resolves. */
  save(
    account: { readonly workspaceId: string; readonly accountId: string },
    settings: BrokerSettings,
    signal: AbortSignal,
  ): Promise<void>;
}

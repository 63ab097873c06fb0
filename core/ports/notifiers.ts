import type { Notification, NotifierErrorCode } from '@omniquant/plugin-sdk';

import type { JsonObject } from './broker-settings.ts';

/** A notifier that a channel can be made with. */
export interface NotifierDescription {
  readonly id: string;
  /** JSON Schema. */
  readonly configSchema: JsonObject;
  /** Null for one without credentials. */
  readonly secretsSchema: JsonObject | null;
}

export interface NotifierCatalog {
  /** Ids of those of the loaded plugins, sorted. */
  ids(): readonly string[];
  find(id: string): NotifierDescription | null;
}

/** The notifier, or the settings that it was given, did not deliver. */
export interface DeliveryRefusal {
  readonly code: NotifierErrorCode;
  readonly message: string;
  /** How long the receiver asks to be left alone, ms. */
  readonly retryAfterMs: number | null;
}

/** No plugin in use has the notifier: what is to be sent waits for one. */
export interface NotifierMissing {
  readonly code: 'NOT_LOADED';
  readonly message: string;
}

export type SendFailure = DeliveryRefusal | NotifierMissing;

export interface NotificationSender {
  /**
   * Sends one by a channel as it is set now. Null when the receiver has taken it. Never rejects for what a
   * notifier does.
   */
  send(channelId: string, notification: Notification, signal: AbortSignal): Promise<SendFailure | null>;
}

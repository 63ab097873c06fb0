import { EVENT_SCHEMA, type JournaledEvent } from './account-event.ts';

/** Written by a newer version of the program, or in a form that no upcaster knows. */
export class SchemaError extends Error {
  readonly code: 'NEWER_SCHEMA' | 'UNKNOWN_SCHEMA';
  readonly schema: number;

  constructor(code: 'NEWER_SCHEMA' | 'UNKNOWN_SCHEMA', message: string, schema: number) {
    super(message);
    this.name = 'SchemaError';
    this.code = code;
    this.schema = schema;
  }
}

/** An event as it was journaled under an older schema: its payload may have another form. */
export type StoredEvent = Omit<JournaledEvent, 'event'> & {
  readonly event: Readonly<Record<string, unknown>>;
};

/** Takes an event from its schema to the next one. */
export type Upcaster = (event: StoredEvent) => StoredEvent;

/** Schema 2 names what flows of money do to the marks of losses, and with what the day before had opened. */
const toSchema2: Upcaster = (stored) => {
  const { event } = stored;
  switch (event['type']) {
    case 'TRANSFER_BOOKED':
      return { ...stored, event: { marks: null, ...event } };
    case 'DAY_OPENED':
      return { ...stored, event: { previous: null, ...event } };
    case 'MISMATCH_CLEARED': {
      const { resolution } = event;
      if (typeof resolution !== 'object' || resolution === null) return stored;
      return { ...stored, event: { ...event, resolution: { marks: null, ...resolution } } };
    }
    default:
      return stored;
  }
};

/** By the schema that they start from. One is added whenever EVENT_SCHEMA is raised. */
export const UPCASTERS: ReadonlyMap<number, Upcaster> = new Map([
  [1, toSchema2],
  // Schema 3 has strategies; nothing else changed.
  [2, (stored) => stored],
]);

/**
 * An event as it was read, in today's form. Throws SchemaError: NEWER_SCHEMA for one that a newer
 * program wrote (start that one), UNKNOWN_SCHEMA where an upcaster is missing.
 */
export const upcast = (
  stored: StoredEvent,
  upcasters: ReadonlyMap<number, Upcaster> = UPCASTERS,
  current: number = EVENT_SCHEMA,
): JournaledEvent => {
  if (stored.schema > current) {
    const message = `event ${stored.seq} of account ${stored.accountId} has schema ${stored.schema}, this program knows ${current}: start the version that wrote it, or a newer one`;
    throw new SchemaError('NEWER_SCHEMA', message, stored.schema);
  }
  let event = stored;
  for (let schema = stored.schema; schema < current; schema += 1) {
    const upcaster = upcasters.get(schema);
    if (upcaster === undefined) {
      const message = `event ${stored.seq} of account ${stored.accountId} has schema ${stored.schema}, and nothing leads from schema ${schema} to ${schema + 1}`;
      throw new SchemaError('UNKNOWN_SCHEMA', message, stored.schema);
    }
    event = { ...upcaster(event), schema: schema + 1 };
  }
  // What the upcasters end in is today's form: they are the only place where that is asserted.
  return event as unknown as JournaledEvent;
};

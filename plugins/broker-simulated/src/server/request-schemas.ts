import { BAR_INTERVALS, type BarInterval, T } from '@omniquant/plugin-sdk';
import { tryParseDecimal } from '@omniquant/plugin-sdk/decimal';

import { type CommandsRequest, MAX_COMMANDS } from '../protocol.ts';
import { LockstepSchema } from './lockstep.ts';
import { checker } from './request-body.ts';
import { VenueError } from './venue-error.ts';
import { FaultsChangeSchema, RequestFateSchema } from './venue-faults.ts';

const Text = T.String({ minLength: 1, maxLength: 200 });
const OptionalText = T.Union([Text, T.Null()]);
const Id = OptionalText;
const Decimal = T.String({ pattern: '^-?\\d{1,20}(\\.\\d{1,18})?$' });
const OptionalDecimal = T.Union([Decimal, T.Null()]);

/** Only the shape: what the values have to be is the exchange's to say, order by order. */
const Terms = T.Object({
  symbol: Text,
  side: Text,
  type: Text,
  quantity: OptionalText,
  notional: OptionalText,
  limitPrice: OptionalText,
  stopPrice: OptionalText,
  trailingOffset: OptionalText,
  trailingOffsetType: OptionalText,
  timeInForce: Text,
  expireAt: T.Union([T.Number(), T.Null()]),
  postOnly: T.Boolean(),
  reduceOnly: T.Boolean(),
  displayQuantity: OptionalText,
  extendedHours: T.Boolean(),
});

const Command = T.Union([
  T.Object({ kind: T.Literal('submit'), account: Text, venueOrderId: Id, terms: Terms }),
  T.Object({ kind: T.Literal('cancel'), account: Text, venueOrderId: Id, brokerOrderId: Id }),
  T.Object({
    kind: T.Literal('replace'),
    account: Text,
    previousVenueOrderId: Id,
    previousBrokerOrderId: Id,
    venueOrderId: Id,
    terms: Terms,
  }),
]);

export const checkCommands = checker(
  T.Object({ commands: T.Array(Command, { maxItems: MAX_COMMANDS }) }),
) as (value: unknown) => CommandsRequest;

export const checkOpenAccount = checker(
  T.Object({ account: Text, currency: Text, startingCash: OptionalDecimal }),
);

export const checkClock = checker(
  T.Object(
    { speed: T.Optional(T.Number({ minimum: 0.01, maximum: 1_000_000 })), held: T.Optional(T.Boolean()) },
    { additionalProperties: false },
  ),
);

export const checkAdvance = checker(
  T.Object({ ms: T.Integer({ minimum: 1, maximum: 366 * 24 * 3_600_000 }) }),
);
export const checkFaults = checker(FaultsChangeSchema);
export const checkFates = checker(T.Object({ next: T.Array(RequestFateSchema, { maxItems: 10_000 }) }));
export const checkDisturbance = checker(T.Object({ action: T.Union([T.Literal('mute'), T.Literal('cut')]) }));
export const checkTransfer = checker(
  T.Object({ amount: Decimal, currency: Text, reason: Text, reference: Text }),
);
export const checkTamper = checker(
  T.Object(
    {
      cash: T.Optional(Decimal),
      position: T.Optional(T.Object({ symbol: Text, quantity: Decimal })),
    },
    { additionalProperties: false },
  ),
);
export const checkLockstep = checker(LockstepSchema);
export const checkAck = checker(T.Object({ step: T.Integer() }));

/** A whole number from a query; null when it is not given. */
export const integerOf = (query: URLSearchParams, name: string): number | null => {
  const text = query.get(name);
  if (text === null || text === '') return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new VenueError(400, 'INVALID_REQUEST', `${name} is no whole number`);
};

export const intervalOf = (query: URLSearchParams): BarInterval => {
  const found = BAR_INTERVALS.find((interval) => interval === query.get('interval'));
  if (found !== undefined) return found;
  throw new VenueError(400, 'INVALID_REQUEST', `interval is one of ${BAR_INTERVALS.join(', ')}`);
};

/** A text that the exchange is to read as a decimal: patterns allow leading zeros, decimals do not. */
export const decimalOf = (text: string): string => {
  if (tryParseDecimal(text) !== undefined) return text;
  throw new VenueError(400, 'INVALID_REQUEST', `${text} is no decimal`);
};

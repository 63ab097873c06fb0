import { type EngineOrder, engineOrder } from '@omniquant/venue/book/engine-order';
import type { EngineEvent } from '@omniquant/venue/book/event-log';
import { MatchingEngine } from '@omniquant/venue/book/matching-engine';
import { flawOf } from '@omniquant/venue/book/order-rules';
import { stateHash } from '@omniquant/venue/book/state-hash';
import fc from 'fast-check';

import { NaiveEngine } from './naive-engine.ts';
import { naiveHash } from './naive-hash.ts';

export type EngineCommand =
  | { readonly kind: 'submit'; readonly order: EngineOrder }
  | { readonly kind: 'cancel'; readonly id: number }
  | {
      readonly kind: 'replace';
      readonly id: number;
      readonly price: number;
      readonly quantity: number;
      readonly stop: number;
    }
  | { readonly kind: 'auction'; readonly call: 'OPENING' | 'CLOSING'; readonly reference: number }
  | { readonly kind: 'bust'; readonly trade: number };

/** Few ids, prices and owners, so that commands meet. */
const id = fc.integer({ min: 1, max: 60 });
const price = fc.integer({ min: 95, max: 105 });
const quantity = fc.integer({ min: 1, max: 20 });
const rarely = <T>(usual: T, ...others: readonly T[]): fc.Arbitrary<T> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(usual) },
    { weight: 1, arbitrary: fc.constantFrom(...others) },
  );

const order: fc.Arbitrary<EngineOrder> = fc
  .record({
    id,
    owner: fc.integer({ min: 0, max: 3 }),
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    type: rarely<EngineOrder['type']>('LIMIT', 'MARKET', 'STOP', 'STOP_LIMIT'),
    price,
    stop: price,
    quantity,
    display: rarely(0, 1, 2, 3, 30),
    minimum: rarely(0, 0, 0, 2, 7),
    timeInForce: rarely<EngineOrder['timeInForce']>('GTC', 'IOC', 'FOK', 'OPG', 'CLS'),
    allOrNone: rarely(false, false, true),
    postOnly: rarely<EngineOrder['postOnly']>('NO', 'REJECT', 'SLIDE'),
    selfTrade: fc.constantFrom<EngineOrder['selfTrade']>(
      'ALLOW',
      'CANCEL_NEWEST',
      'CANCEL_OLDEST',
      'CANCEL_BOTH',
      'DECREMENT_AND_CANCEL',
    ),
  })
  .map(sound);

export const engineCommand: fc.Arbitrary<EngineCommand> = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('submit' as const), order }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('cancel' as const), id }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('replace' as const),
      id,
      price,
      quantity,
      stop: fc.oneof(fc.constant(NaN), price),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('auction' as const),
      call: fc.constantFrom('OPENING' as const, 'CLOSING' as const),
      reference: price,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('bust' as const), trade: fc.integer({ min: 0, max: 40 }) }),
  },
);

/** Sends all commands to the engine and to the naive one; throws where events or states differ. */
export function expectEqualEngines(commands: readonly EngineCommand[]): MatchingEngine {
  const engine = new MatchingEngine({ capacity: 2 });
  const naive = new NaiveEngine();
  for (const command of commands) {
    const [real, expected] = [engine, naive].map((each) => JSON.stringify(runCommand(each, command)));
    if (real !== expected) {
      throw new Error(`${JSON.stringify(command)} caused\n${real}\nand not\n${expected}`);
    }
    const hashes = [stateHash(engine.state), naiveHash(naive.state)];
    if (hashes[0] !== hashes[1]) throw new Error(`the states differ after ${JSON.stringify(command)}`);
  }
  return engine;
}

/** What goes together: the naive engine knows no others. */
function sound(values: EngineOrder): EngineOrder {
  let made = { ...values, minimum: Math.min(values.minimum, values.quantity) };
  const weaker: readonly Partial<EngineOrder>[] = [
    { postOnly: 'NO' },
    { display: 0 },
    { timeInForce: 'GTC' },
    { allOrNone: false },
    { minimum: 0 },
  ];
  for (const change of weaker) if (flawOf(made) !== 0) made = { ...made, ...change };
  return engineOrder(made);
}

/** Sends a command and returns what it caused. */
export function runCommand(engine: MatchingEngine | NaiveEngine, command: EngineCommand): EngineEvent[] {
  switch (command.kind) {
    case 'submit':
      engine.submit({ ...command.order });
      break;
    case 'cancel':
      engine.cancel(command.id);
      break;
    case 'replace':
      engine.replace(command.id, command.price, command.quantity, command.stop);
      break;
    case 'auction':
      if (engine.state.phase === 'CONTINUOUS') engine.startCall(command.call);
      else engine.uncross(command.reference);
      break;
    case 'bust':
      engine.bust(command.trade);
      break;
  }
  return engine instanceof NaiveEngine ? engine.events : engine.events.all();
}

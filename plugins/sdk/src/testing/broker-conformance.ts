import type { BrokerDefinition } from '../broker.ts';
import { BrokerBench } from './broker-conformance/broker-bench.ts';
import type { BrokerCase } from './broker-conformance/broker-case.ts';
import {
  addressCase,
  closeCase,
  connectionLimitCase,
  credentialsCase,
  notReadyCase,
  readyCase,
} from './broker-conformance/connection-cases.ts';
import {
  earlyEventCase,
  lostAnswerCase,
  lostRequestCase,
  uselessAnswerCase,
} from './broker-conformance/doubt-cases.ts';
import {
  cancelLateCase,
  cancelLostCase,
  cancelRaceCase,
  dayCase,
  replaceCase,
  replaceLateCase,
  restartCase,
} from './broker-conformance/end-cases.ts';
import {
  bustCase,
  decimalsCase,
  doubledCase,
  gapCase,
  pagesCase,
  partsCase,
  reorderedCase,
  timesCase,
} from './broker-conformance/fill-cases.ts';
import { floodCase, subscribeCase, symbolCase } from './broker-conformance/market-cases.ts';
import { Skipped } from './broker-conformance/patience.ts';
import { randomCase } from './broker-conformance/random-case.ts';
import { signalCase, unreachableCase } from './broker-conformance/read-cases.ts';
import { garbageCase, halfOpenCase, unknownCase } from './broker-conformance/stream-cases.ts';
import {
  acceptCase,
  duplicateCase,
  rateLimitCase,
  rejectCase,
  termsCase,
} from './broker-conformance/submit-cases.ts';
import type { BrokerFixture } from './broker-fixture.ts';
import { ConformanceError } from './conformance/conformance-error.ts';

/** In the order of their numbers, which keep their meaning for ever. */
const CASES: readonly BrokerCase[] = [
  ...[addressCase, credentialsCase, readyCase, notReadyCase, acceptCase, rejectCase, lostAnswerCase],
  ...[lostRequestCase, earlyEventCase, uselessAnswerCase, duplicateCase, rateLimitCase, partsCase],
  ...[doubledCase, reorderedCase, cancelRaceCase, cancelLateCase, cancelLostCase, replaceCase],
  ...[replaceLateCase, unknownCase, bustCase, gapCase, halfOpenCase, connectionLimitCase, restartCase],
  ...[decimalsCase, termsCase, timesCase, subscribeCase, floodCase, symbolCase, garbageCase, pagesCase],
  ...[closeCase, dayCase, unreachableCase, signalCase],
];

/**
 * One numbered case of {@link brokerConformance}, for a test runner to run.
 *
 * @see {@link brokerConformance}
 */
export interface BrokerConformanceCase {
  /** "B1" and so on. */
  readonly number: string;
  readonly title: string;
  /**
   * Why the case does not concern this broker: something that it declares not to have. Null when it passed.
   * Rejects with {@link ConformanceError} when it does not pass.
   */
  readonly run: () => Promise<string | null>;
}

/**
 * How {@link brokerConformance} is run; nothing has to be given.
 *
 * @see {@link brokerConformance}
 */
export interface BrokerConformanceOptions {
  /** Of the random run, B44; another each time when left out, and in its title. */
  readonly seed?: string;
}

/**
 * What every broker has to pass to be traded with by a gateway, for any test runner. Each case has a fake venue of
 * its own from the fixture, behind a proxy of the kit that drops, delays, doubles, reorders, cuts and
 * garbles; nothing is left running after it. A case is skipped only for what the broker declares not to have.
 *
 * - B1 Config by its schema, options it does not have refused; no connection but to the addresses in it.
 * - B3 Wrong credentials: AUTH_FAILED after one try; no credential in logs, statuses or errors.
 * - B4 READY only after the order stream's acknowledgement.
 * - B5 A submit or replace while not READY is `notSent`, then and later.
 * - B6 An order goes out once, with its id and terms; lookup and list have it.
 * - B7 A refusal is `rejected`, with the contract's code and the venue's words, and not tried again.
 * - B8 An answer that got lost is `unknown`; lookup finds the one order.
 * - B9 A request that got lost is `unknown`, and is not sent again; lookup has null.
 * - B10 What the stream says before the answer is told.
 * - B11 5xx, a reset and an unreadable answer are `unknown`, and not tried again.
 * - B12 A second submit of an id makes no second order.
 * - B13 RATE_LIMITED; cancels pass; the time that the venue tells is kept.
 * - B14, B15, B16 Fills in parts, doubled and out of order: each its own id and amounts.
 * - B18, B19, B20 Cancels: after a part was filled, too late, and without an answer.
 * - B21, B22 Replaces: accepted, and too late. Only with `replace`.
 * - B24 What it does not know is logged, and nothing else.
 * - B25 Busts. B26 A gap, recovered from a cursor. B27 A half-open stream. B29 A restart.
 * - B28 CONNECTION_LIMIT. Only for an `exclusive` broker.
 * - B32 Exact decimals and ids. B33 Every type that it declares. B34 Times.
 * - B35, B36, B37 Quotes and bars, a flood of them, a refused symbol. Only with `marketData`.
 * - B38 Garbage on the stream. B39 Pages. B40 `close`. B41 Orders that the venue ends.
 * - B42 Not known is null, not reachable is an error. B43 Signals.
 * - B44 A random run from a seed, after which all is as the venue has it.
 *
 * Of the list that these numbers come from, the gateway itself does 2 (an account is opened as paper or live), 17 (in
 * B10 as far as the broker goes), 23 (brackets), 30 (reconciliation), 31 (planned outages: B5 and B26 are the broker's
 * part), and of others what follows a broker's report: that a fill is booked once (15), that orders in doubt
 * are settled (8, 9), that rules of ticks and lots are checked before (33), and calendars (34).
 *
 * @example
 * ```ts
 * import { test } from 'node:test';
 *
 * declare const acme: BrokerDefinition; // The package's own.
 * declare const fixture: BrokerFixture; // As in the example of BrokerFixture.
 *
 * for (const { number, title, run } of brokerConformance(acme, fixture)) {
 *   void test(`${number} ${title}`, async (t) => {
 *     const skipped = await run();
 *     if (skipped !== null) t.skip(skipped);
 *   });
 * }
 * ```
 */
export function brokerConformance(
  definition: BrokerDefinition,
  fixture: BrokerFixture,
  { seed = String(Date.now()) }: BrokerConformanceOptions = {},
): readonly BrokerConformanceCase[] {
  return [...CASES, randomCase(seed)].map((each) => ({
    number: each.number,
    title: each.title,
    run: () => runCase(each, definition, fixture),
  }));
}

async function runCase(
  { number, run }: BrokerCase,
  definition: BrokerDefinition,
  fixture: BrokerFixture,
): Promise<string | null> {
  try {
    const bench = await BrokerBench.open(definition, fixture);
    let skipped: string | null = null;
    try {
      await run(bench);
    } catch (error) {
      // What the case found counts, and not that a broken broker does not close either.
      if (!(error instanceof Skipped)) {
        await bench.close().catch(() => undefined);
        throw error;
      }
      skipped = error.message;
    }
    await bench.close();
    return skipped;
  } catch (cause) {
    throw new ConformanceError(number, cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

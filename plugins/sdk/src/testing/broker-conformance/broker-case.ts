import type { FixtureRequest } from '../broker-fixture.ts';
import type { BrokerBench } from './broker-bench.ts';
import { expectThat, Skipped } from './patience.ts';

/** A numbered case; `run` throws a Finding when the broker does not pass, Skipped where it is not concerned. */
export interface BrokerCase {
  readonly number: string;
  readonly title: string;
  readonly run: (bench: BrokerBench) => Promise<void>;
}

/** Ends a case that does not concern the broker. */
export function concerns(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Skipped(otherwise);
}

/** How often a request for this order has come to the venue. */
export async function timesSent(
  bench: BrokerBench,
  venueOrderId: string,
  kind: FixtureRequest['kind'] = 'submit',
): Promise<number> {
  const requests = await bench.venue.requests();
  return requests.filter((each) => each.kind === kind && each.venueOrderId === venueOrderId).length;
}

/** How many orders of this id the venue has. */
export async function timesHeld(bench: BrokerBench, venueOrderId: string): Promise<number> {
  const orders = await bench.venue.orders();
  return orders.filter((order) => order.venueOrderId === venueOrderId).length;
}

/** The venue has the order once, and was asked for it once. */
export async function heldOnce(bench: BrokerBench, venueOrderId: string): Promise<void> {
  const [held, sent] = [await timesHeld(bench, venueOrderId), await timesSent(bench, venueOrderId)];
  expectThat(held === 1, `the venue has the order ${String(held)} times`);
  expectThat(sent === 1, `the order was sent ${String(sent)} times, and once is what was asked for`);
}

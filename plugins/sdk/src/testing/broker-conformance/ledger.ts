import { formatDecimal, parseDecimal } from '../../decimal.ts';
import type { FixtureExecution } from '../broker-fixture.ts';
import type { BrokerBench } from './broker-bench.ts';
import { type Connected, type FillEvent, shown } from './connected.ts';
import { expectThat } from './patience.ts';
import { sameAmount } from './terms.ts';

type Fill = Extract<FillEvent, { kind: 'filled' }>;

/** Executions by id: ids are unique within the venue order. */
const keyOf = (execution: { readonly executionId: string; readonly venueOrderId: string | null }): string =>
  `${execution.venueOrderId ?? ''} ${execution.executionId}`;

/** Throws unless a fill says what the venue has of the execution, digit for digit. */
export function sameExecution(fill: Fill, execution: FixtureExecution | undefined): void {
  expectThat(
    execution !== undefined,
    () => `the venue has no execution ${shown(fill.executionId)} of this order`,
  );
  const { executionId } = execution;
  expectThat(
    sameAmount(fill.quantity, execution.quantity),
    `execution ${executionId} is of ${execution.quantity} units and is told as ${fill.quantity}`,
  );
  expectThat(
    sameAmount(fill.price, execution.price),
    `execution ${executionId} is at ${execution.price} and is told at ${fill.price}`,
  );
}

export async function executionsByKey(bench: BrokerBench): Promise<Map<string, FixtureExecution>> {
  return new Map((await bench.venue.executions()).map((execution) => [keyOf(execution), execution]));
}

/** Throws unless these are the venue's executions and busts, each once and in its order. */
export async function sameAsVenue(bench: BrokerBench, events: readonly FillEvent[]): Promise<void> {
  const executions = await bench.venue.executions();
  const fills = events.filter((event) => event.kind === 'filled');
  const [told, held] = [fills.map(keyOf), executions.map(keyOf)];
  const lacking = held.find((key) => !told.includes(key));
  expectThat(lacking === undefined, `execution ${lacking ?? ''} is not in fillsSince`);
  const twice = told.find((key, index) => told.indexOf(key) !== index);
  expectThat(twice === undefined, `execution ${twice ?? ''} is in fillsSince twice`);
  expectThat(shown(told) === shown(held), 'fillsSince is not in the order of the venue');
  for (const [index, fill] of fills.entries()) sameExecution(fill, executions[index]);
  const busted = executions.filter(({ isBusted }) => isBusted).map(keyOf);
  const toldBusted = events.filter((event) => event.kind === 'busted').map(keyOf);
  expectThat(
    shown(toldBusted.toSorted()) === shown(busted.toSorted()),
    `busted in fillsSince are ${shown(toldBusted)}, and at the venue ${shown(busted)}`,
  );
}

const byName = <T>(items: readonly T[], name: (item: T) => string, amount: (item: T) => string): string[] =>
  items
    .map((item) => [name(item), formatDecimal(parseDecimal(amount(item)))] as const)
    .filter(([, value]) => value !== '0')
    .map(([key, value]) => `${key} ${value}`)
    .toSorted();

/** Throws unless positions and balances are the venue's to the last digit. */
export async function sameHoldings(bench: BrokerBench, connected: Connected): Promise<void> {
  const { account, broker } = connected;
  const positions = await connected.read('positions', (signal) => broker.positions(account, signal));
  const balances = await connected.read('balances', (signal) => broker.balances(account, signal));
  const quantities = (items: typeof positions): string[] =>
    byName(
      items,
      ({ symbol }) => symbol,
      ({ quantity }) => quantity,
    );
  const totals = (items: typeof balances): string[] =>
    byName(
      items,
      ({ currency }) => currency,
      ({ total }) => total,
    );
  const heldPositions = quantities(await bench.venue.positions());
  const heldBalances = totals(await bench.venue.balances());
  expectThat(
    shown(quantities(positions)) === shown(heldPositions),
    () => `positions are ${shown(quantities(positions))}, and at the venue ${shown(heldPositions)}`,
  );
  expectThat(
    shown(totals(balances)) === shown(heldBalances),
    () => `balances are ${shown(totals(balances))}, and at the venue ${shown(heldBalances)}`,
  );
}

/** A fraction of the fixture's quantity, in tenths. */
export const tenths = (quantity: string, count: number): string =>
  formatDecimal((parseDecimal(quantity) / 10n) * BigInt(count));

import type { StoredAccount } from '../support/memory-store.ts';
import { eventsOf, hold } from './promises.ts';
import { nameOf, type TickerMemory, TICKS } from './strategies.ts';

/** Once everything is well: each ring of the timer had its order, once, and each fill was told, once. */
export function checkStrategies(account: StoredAccount): void {
  const { accountId } = account;
  const events = eventsOf(account).map(({ event }) => event);
  const steps = events.filter((event) => event.type === 'STRATEGY_STEPPED');
  steps.forEach(({ step }, index) => {
    hold(
      step === index + 1,
      'steps',
      () => `${accountId} has step ${String(step)} as number ${String(index + 1)}`,
    );
  });
  const refs = new Map(steps.flatMap((each) => each.refs));
  const wanted = Array.from({ length: TICKS }, (_, index) => nameOf(index + 1));
  const ordered = [...refs.values()];
  hold(ordered.join() === wanted.join(), 'a ring, an order', () => `${accountId} ordered ${ordered.join()}`);
  const isFailed = events.some(({ type }) => type === 'STRATEGY_ENDED');
  hold(!isFailed, 'strategies live', () => `the strategy of ${accountId} has ended`);

  const filled = events.flatMap((event) => {
    const ref = event.type === 'FILLED' ? refs.get(event.orderId) : undefined;
    return event.type === 'FILLED' && ref !== undefined ? [`${ref} ${event.quantity}@${event.price}`] : [];
  });
  const saved = JSON.parse(steps.at(-1)?.saved ?? 'null') as { readonly hooks?: TickerMemory } | null;
  const told = saved?.hooks?.fills ?? [];
  hold(
    told.join() === filled.join(),
    'fills are told',
    () => `${accountId} was told of ${told.join()}, its orders were filled ${filled.join()}`,
  );
}

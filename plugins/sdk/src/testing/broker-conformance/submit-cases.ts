import { type BrokerCase, concerns, heldOnce, timesHeld, timesSent } from './broker-case.ts';
import { shown } from './connected.ts';
import { expectThat } from './patience.ts';
import { changedTerm } from './terms.ts';

export const acceptCase: BrokerCase = {
  number: 'B6',
  title: 'an order goes out once, with its id and all its terms, and can be looked up and listed',
  async run(bench) {
    const connected = await bench.ready();
    const brokerOrderId = await connected.place('plain');
    await heldOnce(bench, 'plain');
    const [held] = await bench.venue.orders();
    const wrong = changedTerm(connected.order('plain'), held?.terms);
    expectThat(wrong === null, `the venue has another ${wrong ?? ''} than the order`);
    expectThat(
      held?.brokerOrderId === brokerOrderId,
      `the venue calls the order ${shown(held?.brokerOrderId)}`,
    );
    const found = await connected.lookup('plain');
    expectThat(found !== null, 'lookup does not find an order that works');
    expectThat(found.status === 'WORKING', `lookup has it as ${found.status}`);
    expectThat(found.brokerOrderId === brokerOrderId, 'lookup has another brokerOrderId than the outcome');
    expectThat(found.account === connected.account, 'lookup names another account');
    const told = changedTerm(connected.order('plain'), found.terms);
    expectThat(told === null, `lookup has another ${told ?? ''} than the order`);
    const open = await connected.openOrders();
    expectThat(open.length === 1 && open[0]?.venueOrderId === 'plain', () => `openOrders has ${shown(open)}`);
  },
};

export const rejectCase: BrokerCase = {
  number: 'B7',
  title:
    "a venue's refusal is rejected, in the contract's words with the venue's own kept, and not tried again",
  async run(bench) {
    const connected = await bench.ready();
    const { code, raw } = await bench.venue.refuseNext();
    const outcome = await connected.submit('refused');
    const late = (): { code: string; message: string } | null =>
      connected.told.events.find((event) => event.kind === 'rejected') ?? null;
    if (outcome.kind === 'accepted') await bench.patience.until('a rejected event', () => late() !== null);
    const refusal = outcome.kind === 'rejected' ? outcome : late();
    expectThat(refusal !== null, () => `an order that the venue refuses is ${shown(outcome)}`);
    expectThat(refusal.code === code, `the venue's refusal is ${refusal.code} and means ${code}`);
    expectThat(
      refusal.message.includes(raw),
      `the venue said ${raw}, and the message is "${refusal.message}"`,
    );
    await bench.patience.linger();
    expectThat((await timesSent(bench, 'refused')) === 1, 'an order that was refused is sent again');
  },
};

export const duplicateCase: BrokerCase = {
  number: 'B12',
  title: 'an id that the venue has already makes no second order',
  async run(bench) {
    const connected = await bench.ready();
    concerns(connected.broker.capabilities.refusesDuplicates, 'the venue does not refuse duplicates');
    const brokerOrderId = await connected.place('twice');
    const same = await connected.submit('twice');
    const isAdopted = same.kind === 'accepted' && same.brokerOrderId === brokerOrderId;
    const isRefused = same.kind === 'rejected' && same.code === 'DUPLICATE_ORDER_ID';
    expectThat(isAdopted || isRefused, () => `the same order a second time is ${shown(same)}`);
    const other = await connected.submit('twice', { side: 'SELL' });
    expectThat(
      other.kind === 'rejected' && other.code === 'DUPLICATE_ORDER_ID',
      () => `another order with the same id is ${shown(other)}`,
    );
    expectThat((await timesHeld(bench, 'twice')) === 1, 'the venue has two orders with one id');
  },
};

export const rateLimitCase: BrokerCase = {
  number: 'B13',
  title:
    'too many requests: RATE_LIMITED, none lost or doubled, cancels pass, and the time the venue tells is kept',
  async run(bench) {
    const connected = await bench.ready();
    const brokerOrderId = await connected.place('working');
    const retryAfterMs = await bench.venue.limitRate();
    const first = await connected.submit('first');
    expectThat(
      (first.kind === 'rejected' && first.code === 'RATE_LIMITED') || first.kind === 'notSent',
      () => `an order beyond the limit is ${shown(first)}`,
    );
    if (retryAfterMs !== null) {
      const second = await connected.submit('second');
      expectThat(second.kind !== 'accepted', 'an order beyond the limit is accepted');
      expectThat(
        (await timesSent(bench, 'second')) === 0,
        'it does not wait as long as the venue has told it',
      );
    }
    const cancelled = await connected.cancel('working', brokerOrderId);
    expectThat(
      cancelled.kind === 'accepted',
      () => `a cancel while orders are limited is ${shown(cancelled)}`,
    );
    await bench.venue.lift();
    bench.advance(retryAfterMs ?? 0);
    let tries = 0;
    const isTaken = async (): Promise<boolean> => {
      tries += 1;
      return (await connected.submit(`again-${String(tries)}`)).kind === 'accepted';
    };
    await bench.patience.until(
      'an order to be accepted again',
      isTaken,
      bench.patience.ms + (retryAfterMs ?? 0),
    );
    await bench.patience.linger();
    expectThat((await timesHeld(bench, 'first')) === 0, 'an order that was refused is sent later');
  },
};

export const termsCase: BrokerCase = {
  number: 'B33',
  title: 'every type and time in force that it declares comes to the venue as it is, and others are refused',
  async run(bench) {
    const connected = await bench.ready();
    const { capabilities } = connected.broker;
    const { quantity, restingPrice } = bench.fixture;
    expectThat(
      capabilities.orderTypes.includes('LIMIT'),
      'LIMIT is not among its orderTypes: the kit needs it',
    );
    let count = 0;
    for (const type of capabilities.orderTypes) {
      count += 1;
      const id = `type-${String(count)}`;
      const isTrailing = type.startsWith('TRAILING');
      const hasStop = !isTrailing && type !== 'MARKET' && type !== 'LIMIT';
      const terms = {
        ...{ type, quantity, side: 'BUY' as const },
        limitPrice: type.endsWith('LIMIT') || type.startsWith('LIMIT') ? restingPrice : null,
        stopPrice: hasStop ? restingPrice : null,
        trailingOffset: isTrailing ? restingPrice : null,
        trailingOffsetType: isTrailing ? ('PRICE' as const) : null,
      };
      const outcome = await connected.submit(id, terms);
      expectThat(outcome.kind === 'accepted', () => `a ${type} order is ${shown(outcome)}`);
      const held = (await bench.venue.orders()).find((order) => order.venueOrderId === id);
      const wrong = changedTerm(connected.order(id, terms), held?.terms);
      expectThat(wrong === null, `the venue has another ${wrong ?? ''} than the ${type} order`);
    }
    for (const timeInForce of capabilities.timesInForce.filter((each) => each === 'DAY' || each === 'GTC')) {
      const id = `tif-${timeInForce}`;
      await connected.place(id, { timeInForce });
      const held = (await bench.venue.orders()).find((order) => order.venueOrderId === id);
      expectThat(held?.terms.timeInForce === timeInForce, `the venue has a ${timeInForce} order as another`);
    }
    const lacking = (['TRAILING_STOP_LIMIT', 'LIMIT_IF_TOUCHED', 'STOP'] as const).find(
      (type) => !capabilities.orderTypes.includes(type),
    );
    if (lacking === undefined) return;
    const outcome = await connected.submit('undeclared', { type: lacking, stopPrice: restingPrice });
    expectThat(
      outcome.kind === 'rejected' || outcome.kind === 'notSent',
      () => `a ${lacking} order, which it does not declare, is ${shown(outcome)}`,
    );
  },
};

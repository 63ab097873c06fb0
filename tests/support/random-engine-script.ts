import type { BrokerCapabilities } from '@omniquant/plugin-sdk';

import type { Command } from '../../core/engine/command.ts';
import { CommandError } from '../../core/engine/decision.ts';
import { ALL_CAPABILITIES, type EngineFixture, MARKET } from './engine-fixture.ts';
import { messageOf, orderIdOf, price, termsOf, venueOrderOf } from './random-orders.ts';
import { pick, type Step } from './random-step.ts';

export const SOME_CAPABILITIES: readonly BrokerCapabilities[] = [
  ALL_CAPABILITIES,
  { ...ALL_CAPABILITIES, orderTypes: ['MARKET', 'LIMIT'] },
  { ...ALL_CAPABILITIES, orderTypes: ['MARKET', 'LIMIT', 'STOP'], replace: false, reduceOnly: false },
];

const OUTCOMES = [
  { kind: 'accepted', brokerOrderId: 'B', at: 0 },
  { kind: 'rejected', code: 'OTHER', message: 'no', at: 0 },
  { kind: 'rejected', code: 'DUPLICATE_ORDER_ID', message: 'twice', at: 0 },
  { kind: 'notSent', reason: 'no connection' },
  { kind: 'unknown', reason: 'timeout' },
] as const;

const commandOf = (engine: EngineFixture, step: Step): Command | null => {
  const { kind, a, b, c, flag } = step;
  const orderId = orderIdOf(engine, a);
  switch (kind) {
    case 'replace':
      return {
        kind: 'replaceOrder',
        orderId,
        requestId: `r${b % 50}`,
        ...(flag ? { quantity: String(1 + (b % 15)) } : {}),
        ...(c % 2 === 0 ? { limitPrice: price(c) } : { stopPrice: price(b) }),
      };
    case 'cancel':
      return { kind: 'cancelOrder', orderId, reason: null };
    case 'cancelAll':
      return a % 5 === 0 ? { kind: 'cancelAllOrders', symbol: 'AAPL', reason: null } : null;
    case 'close': {
      const clientOrderId = `close-${b % 20}`;
      const quantity = flag ? null : String(1 + (c % 5));
      return {
        kind: 'closePosition',
        clientOrderId,
        requestHash: 'h',
        orderId: engine.newId(),
        symbol: 'AAPL',
        quantity,
      };
    }
    case 'outcome': {
      const request = pick(['submit', 'replace', 'cancel'] as const, c);
      const revision = request === 'replace' ? (engine.state.orders.get(orderId)?.lastRevision ?? 0) : 0;
      return { kind: 'brokerOutcome', request, orderId, revision, outcome: pick(OUTCOMES, b) };
    }
    case 'venueOrder':
      return { kind: 'venueOrder', order: venueOrderOf(engine, step) };
    case 'notAtVenue':
      return { kind: 'notAtVenue', orderId, revision: b % 2, evidence: 'three lookups' };
    case 'recover':
      return { kind: 'recover' };
    case 'resubmit':
      return { kind: 'resubmit', orderId };
    case 'tradingState': {
      const state = pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'ACTIVE', 'REDUCING', 'HALTED'] as const, a);
      return {
        kind: 'setTradingState',
        state,
        cancelOpenOrders: b % 4 === 0,
        reason: 'test',
        source: 'OPERATOR',
      };
    }
    case 'limits':
      return {
        kind: 'setRiskLimits',
        limits: { maxDailyLoss: flag ? String(a) : null, maxDrawdown: a % 5 === 0 ? '0.001' : null },
      };
    case 'resolveOrder':
      return {
        kind: 'resolveOrder',
        orderId,
        resolution: pick(['NOT_AT_VENUE', 'CANCELED', 'EXPIRED'] as const, b),
        reason: 'r',
      };
    case 'resolveMismatch':
      return { kind: 'resolveMismatch', symbol: flag ? 'AAPL' : null, reason: 'r' };
    case 'snapshot':
      if (c % 4 !== 0) return null;
      return {
        kind: 'venueSnapshot',
        positions: [{ symbol: 'AAPL', quantity: String((a % 21) - 10) }],
        balances: flag ? [{ currency: 'USD', total: '123456.78' }] : [],
      };
    case 'transfer': {
      const event = { kind: 'transfer', account: 'A1', at: engine.now, reference: `t${a % 10}` } as const;
      return {
        kind: 'brokerEvent',
        event: { ...event, currency: 'USD', amount: String(b - 500), reason: 'dividend' },
      };
    }
    default:
      return null;
  }
};

const runSpecial = (engine: EngineFixture, step: Step): boolean => {
  const { kind, a, b, c, flag } = step;
  const orderId = orderIdOf(engine, a);
  const order = engine.state.orders.get(orderId);
  switch (kind) {
    case 'place':
      engine.place(termsOf(step, engine.now));
      return true;
    case 'bracket': {
      const side = flag ? 'BUY' : 'SELL';
      const away = flag ? 1 : -1;
      const stop = {
        stopPrice: String(100 - away * 3),
        limitPrice: null,
        trailingOffset: null,
        trailingOffsetType: null,
      };
      const trail = {
        stopPrice: null,
        limitPrice: null,
        trailingOffset: '2',
        trailingOffsetType: 'PRICE',
      } as const;
      engine.place(
        { ...MARKET('AAPL', side, String(1 + (b % 10))), type: 'LIMIT', limitPrice: '100' },
        {
          takeProfit: c % 4 === 0 ? null : { limitPrice: String(100 + away * 3) },
          stopLoss: c % 5 === 0 && c % 4 !== 0 ? null : c % 2 === 0 ? stop : trail,
        },
      );
      return true;
    }
    case 'message': {
      const revision =
        (order?.revision ?? 0) +
        (order?.pendingReplace ? c % 2 : pick([0, 0, 0, 0, 0, 0, 0, 0, 1, -1] as const, c));
      engine.message(orderId, messageOf(step), Math.max(revision, 0));
      return true;
    }
    case 'accept':
      engine.message(orderId, { kind: 'accepted', quantity: order?.quantity === null ? '5' : null });
      return true;
    case 'fill':
      engine.fill(
        orderId,
        `x${b % 6}`,
        c % 29 === 0 ? 'rubbish' : String(1 + (c % 6)),
        price(b),
        flag ? '0.1' : null,
      );
      return true;
    case 'quote': {
      const middle = 92 + (a % 17);
      engine.now += b;
      engine.wall += b;
      engine.quote('AAPL', `${middle - 0.01}`, `${middle + 0.01}`);
      engine.run({ kind: 'marketMoved', symbols: ['AAPL', 'SPX', 'NONE'] });
      return true;
    }
    case 'tick':
      engine.now += c % 10 === 0 ? 86_400_000 : 1_000 * b;
      engine.wall += 1_000;
      engine.run({ kind: 'clockTicked' });
      return true;
    case 'settle':
      engine.ready = true;
      runStep(engine, { ...step, kind: 'tradingState', a: 0, b: 1 });
      if (engine.state.entryBlocks.size > 0 || engine.state.mismatches.size > 0) {
        engine.run({ kind: 'resolveMismatch', symbol: null, reason: 'r' });
      }
      return true;
    case 'ready':
      engine.ready = a % 6 !== 0;
      return true;
    default:
      return false;
  }
};

/** Runs one step; a CommandError is an answer, anything else that is thrown fails the test. */
export const runStep = (engine: EngineFixture, step: Step): void => {
  if (runSpecial(engine, step)) return;
  const command = commandOf(engine, step);
  if (command === null) return;
  try {
    engine.run(command);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
  }
};

import { defineStrategy, type StrategyEffect, type StrategyInputs, T } from '@omniquant/plugin-sdk';

export interface Script {
  readonly inputs?: StrategyInputs;
  /** Effects at the n-th bar that the strategy is given, from 0. */
  readonly bars?: Readonly<Record<number, readonly StrategyEffect[]>>;
  /** Effects on what it is told: "fill entry", "FILLED entry", "timer rebalance", "start", "stop". */
  readonly on?: Readonly<Record<string, readonly StrategyEffect[]>>;
}

/** A strategy that does what it is told, and writes down all that it is given. */
export function scripted({ bars = {}, inputs = {}, on = {} }: Script) {
  const heard: string[] = [];
  let count = -1;
  const hear = (what: string): readonly StrategyEffect[] => {
    heard.push(what);
    return on[what] ?? [];
  };
  const definition = defineStrategy({
    id: 'scripted',
    description: 'Does what a test says',
    config: T.Object({}),
    inputs: () => inputs,
    create: () => ({
      onStart: () => hear('start'),
      onBar({ symbol, close }) {
        count += 1;
        return [...hear(`bar ${symbol} ${String(close)}`), ...(bars[count] ?? [])];
      },
      onFill: ({ ref, price, quantity }) => [
        ...hear(`fill ${ref}`),
        ...hear(`fill ${ref} ${quantity}@${price}`),
      ],
      onOrderEvent: ({ ref, status }) => hear(`${status} ${ref}`),
      onTimer: ({ name }) => hear(`timer ${name}`),
      onStop: () => hear('stop'),
    }),
  });
  return { definition, heard };
}

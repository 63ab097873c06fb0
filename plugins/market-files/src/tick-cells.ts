import { formatDecimal, parseDecimal } from '@omniquant/plugin-sdk/decimal';

import { readScaled } from './decimals.ts';
import type { Row } from './duck.ts';
import { fileFault } from './file-fault.ts';
import type { TickRole } from './tick-kinds.ts';

/** The cells of one row at a time, by what they are. Numbers are floats, as backtests count with them. */
export interface TickCells {
  /** Goes to another row, counted from 1. */
  turnTo(row: Row, number: number): void;
  has(role: TickRole): boolean;
  /** Without spaces around it; '' where there is none. */
  text(role: TickRole): string;
  /** Throws FeedError DATA_INVALID with the row, the column and its value. */
  fail(role: TickRole, problem: string): never;
  /** Above zero. */
  price(role: TickRole): number;
  /** As {@link price}; NaN for nothing and zero, a side that is empty. */
  priceOrNone(role: TickRole): number;
  /** Not below zero; NaN for nothing. */
  size(role: TickRole): number;
  /** Above zero. */
  sizeAboveZero(role: TickRole): number;
  /** A whole number that a float holds; NaN for nothing. */
  whole(role: TickRole): number;
}

export interface TickCellsOptions {
  readonly path: string;
  /** In the order of a row's texts. */
  readonly roles: readonly TickRole[];
  /** What the file calls them. */
  readonly names: Readonly<Partial<Record<TickRole, string>>>;
  /** Prices are divided by it. */
  readonly priceScale: string;
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;
const WHOLE = /^\d{1,16}$/;
/** What a float holds, whatever the digits are. */
const SAFE = /^\d{1,15}$/;

export function createTickCells({ names, path, priceScale, roles }: TickCellsOptions): TickCells {
  const places = new Map(roles.map((role, index) => [role, index]));
  const scale = parseDecimal(priceScale);
  const divisor = Number(priceScale);
  let current: Row = [];
  let number = 0;

  const text = (role: TickRole): string => {
    const place = places.get(role);
    return place === undefined ? '' : (current[place] ?? '').trim();
  };

  function fail(role: TickRole, problem: string): never {
    throw fileFault(path, problem, { row: number, column: names[role], value: text(role) });
  }

  function decimal(role: TickRole): number {
    const cell = text(role);
    const value = DECIMAL.test(cell) ? Number(cell) : NaN;
    return Number.isFinite(value) ? value : fail(role, 'is no decimal');
  }

  /** Exactly, so that 1674100 by 10000 is what 167.41 is read as. */
  function scaled(role: TickRole): number {
    if (divisor === 1) return decimal(role);
    const cell = text(role);
    if (SAFE.test(cell) && SAFE.test(priceScale)) return Number(cell) / divisor;
    const value = readScaled(cell, scale);
    return value === undefined ? fail(role, 'is no decimal') : Number(formatDecimal(value));
  }

  return {
    turnTo(row, at) {
      current = row;
      number = at;
    },
    has: (role) => places.has(role),
    text,
    fail,
    price(role) {
      const value = scaled(role);
      return value > 0 ? value : fail(role, 'is no price above zero');
    },
    priceOrNone(role) {
      if (text(role) === '') return NaN;
      const value = scaled(role);
      if (value < 0) return fail(role, 'is no price above zero');
      return value === 0 ? NaN : value;
    },
    size(role) {
      if (text(role) === '') return NaN;
      const value = decimal(role);
      return value >= 0 ? value : fail(role, 'is below zero');
    },
    sizeAboveZero(role) {
      const value = decimal(role);
      return value > 0 ? value : fail(role, 'is no size above zero');
    },
    whole(role) {
      const cell = text(role);
      if (cell === '') return NaN;
      const value = WHOLE.test(cell) ? Number(cell) : NaN;
      return Number.isSafeInteger(value) ? value : fail(role, 'is no whole number below 2^53');
    },
  };
}

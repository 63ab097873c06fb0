/** What gives a strategy another clock, other chance or another world than those it is lent. */
const FORBIDDEN: readonly (readonly [owner: string | null, name: string])[] = [
  [null, 'setTimeout'],
  [null, 'setInterval'],
  [null, 'setImmediate'],
  [null, 'queueMicrotask'],
  [null, 'fetch'],
  ['Math', 'random'],
  ['performance', 'now'],
  ['crypto', 'randomUUID'],
  ['crypto', 'getRandomValues'],
];

type Restore = () => void;

const replaceWith = (owner: object, name: string, value: unknown): Restore => {
  const known = Object.getOwnPropertyDescriptor(owner, name);
  if (known?.configurable === false) return () => undefined;
  Object.defineProperty(owner, name, { value, configurable: true, writable: true });
  return () => {
    // One that the owner inherits comes back when ours goes.
    if (known === undefined) Reflect.deleteProperty(owner, name);
    else Object.defineProperty(owner, name, known);
  };
};

const trappedDate = (spring: (name: string) => never): DateConstructor =>
  new Proxy(Date, {
    apply: () => spring('Date()'),
    construct: (target, given, newTarget): object =>
      given.length === 0 ? spring('new Date()') : (Reflect.construct(target, given, newTarget) as object),
    get: (target, name, receiver): unknown =>
      name === 'now' ? () => spring('Date.now') : Reflect.get(target, name, receiver),
  });

/**
 * Runs work with the wall clock, chance, timers and the network trapped; what is used is put into `used`, also
 * where the error that it gets is swallowed. Everything is as before when it returns.
 */
export function trapped<T>(work: () => T, used: Set<string>): T {
  const spring = (name: string): never => {
    used.add(name);
    throw new Error(`${name} is not for strategies: the context has now() and random()`);
  };
  const restores: Restore[] = [replaceWith(globalThis, 'Date', trappedDate(spring))];
  for (const [ownerName, name] of FORBIDDEN) {
    const owner: unknown = ownerName === null ? globalThis : Reflect.get(globalThis, ownerName);
    if (typeof owner !== 'object' || owner === null || !(name in owner)) continue;
    const label = ownerName === null ? name : `${ownerName}.${name}`;
    restores.push(replaceWith(owner, name, () => spring(label)));
  }
  try {
    return work();
  } finally {
    for (const restore of restores.reverse()) restore();
  }
}

/** A port of a process that may die: afterwards calls do nothing and answers never come. */
export function mortal<T extends object>(port: T, isDead: () => boolean): T {
  const never = new Promise<never>(() => undefined);
  return new Proxy(port, {
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver);
      if (typeof member !== 'function') {
        return member;
      }
      return (...args: unknown[]) => {
        if (isDead()) {
          return never;
        }
        const result: unknown = Reflect.apply(member, target, args);
        return result instanceof Promise
          ? result.then((value: unknown) => (isDead() ? never : value))
          : result;
      };
    },
  });
}

/** Stands where a port is that the test does not use: whatever is called rejects and says so. */
export function refusing(name: string): never {
  const handler: ProxyHandler<object> = {
    get: (_, method) => () => Promise.reject(new Error(`${name}.${String(method)} is not part of this test`)),
  };
  return new Proxy({}, handler) as never;
}

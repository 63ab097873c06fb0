const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Canonical form only: anything else names nothing here, and is not worth a query. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}

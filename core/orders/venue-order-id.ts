/** `<prefix>-<order id>-<revision>`: what the venue knows a revision of an order by. */
export function venueOrderId(prefix: string, orderId: string, revision: number): string {
  return `${prefix}-${orderId}-${String(revision)}`;
}

/** The order and revision behind a venue id, or null when it does not bear our prefix. */
export function parseVenueOrderId(prefix: string, id: string): { orderId: string; revision: number } | null {
  if (!id.startsWith(`${prefix}-`)) {
    return null;
  }
  const match = /^(.+)-(\d{1,9})$/.exec(id.slice(prefix.length + 1));
  const [, orderId, revision] = match ?? [];
  return orderId === undefined || revision === undefined ? null : { orderId, revision: Number(revision) };
}

export const ORDER = `id accountId clientOrderId symbol side type timeInForce quantity filledQuantity leavesQuantity
  averageFillPrice limitPrice status pending revision heldAt role origin traceId reason`;
export const DENIED = `... on OrderDenied { code message details denied: order { id status } }`;
export const PLACE = `mutation($input: PlaceOrderInput!) { placeOrder(input: $input) {
  __typename ... on OrderPlaced { replayed order { ${ORDER} } } ${DENIED} } }`;

export const limitOrderOf = (accountId: string, clientOrderId: string, overrides: object = {}) => ({
  accountId,
  clientOrderId,
  symbol: 'AAPL',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '10',
  limitPrice: '180.00',
  timeInForce: 'GTC',
  ...overrides,
});

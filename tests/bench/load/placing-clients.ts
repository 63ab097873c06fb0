import type { LoadOptions } from './http-load.ts';

const DOCUMENT = `mutation PlaceOrder($input: PlaceOrderInput!) {
  placeOrder(input: $input) {
    ... on OrderPlaced { replayed order { id clientOrderId symbol side type quantity status createdAt } }
    ... on OrderDenied { code message }
  }
}`;

/**
 * A client for each account, which buys and sells one share in turn, so that positions stay small. `run` names
 * the orders: it is new for each load.
 */
export function placingClients(
  accounts: readonly string[],
  run: string,
): Pick<LoadOptions, 'clients' | 'body' | 'isGood'> {
  const sent = accounts.map(() => 0);
  return {
    clients: accounts.length,
    body(client) {
      const number = (sent[client] = (sent[client] ?? 0) + 1);
      return JSON.stringify({
        query: DOCUMENT,
        operationName: 'PlaceOrder',
        variables: {
          input: {
            accountId: accounts[client],
            clientOrderId: `${run}-${String(number)}`,
            symbol: 'AAPL',
            side: number % 2 === 1 ? 'BUY' : 'SELL',
            type: 'MARKET',
            quantity: '1',
          },
        },
      });
    },
    isGood: (answer) => answer.includes('"replayed":false'),
  };
}

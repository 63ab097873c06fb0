import type { DemoNote } from './demo-note.ts';

export interface BannerFacts {
  readonly address: string;
  readonly hasGraphiql: boolean;
  readonly readyAfterSeconds: number;
  readonly demo: DemoNote | null;
}

/** What a start prints: where the gateway is, who may sign in, and a first order to paste. */
export function banner(facts: BannerFacts): string {
  const lines = [
    '',
    `OmniQuant is ready after ${facts.readyAfterSeconds.toFixed(1)} s`,
    '',
    `  GraphQL    ${facts.address}/graphql`,
    ...(facts.hasGraphiql ? [`  GraphiQL   ${facts.address}/graphiql`] : []),
    ...(facts.demo === null ? [] : demoLines(facts.demo)),
    '',
  ];
  return lines.join('\n');
}

function demoLines({ email, password, accountId }: DemoNote): string[] {
  return [
    `  User       ${email}`,
    `  Password   ${password}`,
    `  Account    ${accountId ?? '(being opened)'}`,
    '',
    'Sign in (paste into GraphiQL), then put {"Authorization": "Bearer <accessToken>"} into its headers:',
    '',
    `  mutation { signIn(input: { email: "${email}", password: "${password}" }) { ... on Session { accessToken } } }`,
    '',
    'A first order:',
    '',
    '  mutation {',
    `    placeOrder(input: { accountId: "${accountId ?? ''}", clientOrderId: "first-1",`,
    '                        symbol: "AAPL", side: BUY, type: MARKET, quantity: "10" }) {',
    '      ... on OrderPlaced { order { id status } }',
    '      ... on OrderDenied { code message }',
    '    }',
    '  }',
    '',
    'And what becomes of it:',
    '',
    `  subscription { orderEvents(accountId: "${accountId ?? ''}") { type order { symbol status filledQuantity averageFillPrice } } }`,
  ];
}

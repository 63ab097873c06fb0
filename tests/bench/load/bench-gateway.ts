import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

import { makeDataDir, removeDataDir } from '../../support/gateway/data-dir.ts';

/** A gateway in a process of its own, as production starts it but with the demo user, in a folder of its own. */
export interface BenchGateway {
  readonly address: string;
  readonly authorization: string;
  graphql<T>(query: string, variables?: object): Promise<T>;
  close(): Promise<void>;
}

export async function startBenchGateway(env: Readonly<Record<string, string>> = {}): Promise<BenchGateway> {
  const dataDir = makeDataDir('bench');
  const child = spawn(
    process.execPath,
    [
      '--conditions=omniquant:source',
      ...['--import', './hooks.mjs'],
      ...['--enable-source-maps', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=64'],
      'gateway/main.ts',
    ],
    {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        DEMO: 'true',
        PORT: '0',
        DATA_DIR: dataDir,
        LOG_LEVEL: 'error',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const gone = once(child, 'exit');
  const banner = await readBanner(child);
  const find = (label: string): string => new RegExp(`${label}\\s+(\\S+)`).exec(banner)?.[1] ?? '';
  const address = find('GraphQL').replace(/\/graphql$/, '');
  const call = caller(address);
  const session = await call<{ signIn: { accessToken: string } }>(
    '',
    'mutation ($input: SignInInput!) { signIn(input: $input) { ... on Session { accessToken } } }',
    { input: { email: find('User'), password: find('Password') } },
  );
  const authorization = `Bearer ${session.signIn.accessToken}`;
  return {
    address,
    authorization,
    graphql: (query, variables) => call(authorization, query, variables),
    async close() {
      child.kill('SIGINT');
      await gone;
      await removeDataDir(dataDir);
    },
  };
}

async function readBanner(child: ChildProcess): Promise<string> {
  let text = '';
  return await new Promise((resolve, reject) => {
    child.once('exit', (code) => {
      reject(new Error(`the gateway ended at its start with code ${String(code)}: ${text}`));
    });
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('subscription {')) resolve(text);
    });
  });
}

function caller(address: string) {
  return async <T>(authorization: string, query: string, variables: object = {}): Promise<T> => {
    const response = await fetch(`${address}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization === '' ? {} : { authorization }) },
      body: JSON.stringify({ query, variables }),
    });
    const answer = (await response.json()) as { data?: T; errors?: { message: string }[] };
    if (answer.data === undefined || answer.errors !== undefined) {
      throw new Error(JSON.stringify(answer.errors));
    }
    return answer.data;
  };
}

const OPEN = 'mutation ($input: OpenAccountInput!) { openAccount(input: $input) { id } }';
const LIFT = `mutation ($id: ID!, $limits: RiskLimitsInput!) { setRiskLimits(accountId: $id, limits: $limits) { id } }`;

/** Accounts that are opened at a time. */
const AT_ONCE = 8;

/** Accounts with cash enough and no limits, so that what is measured is the path and not a denial. */
export async function openAccounts(gateway: BenchGateway, count: number): Promise<readonly string[]> {
  const ids: string[] = [];
  while (ids.length < count) {
    const names = Array.from({ length: Math.min(AT_ONCE, count - ids.length) }, (_, index) => {
      return `Bench ${String(ids.length + index)}`;
    });
    ids.push(...(await Promise.all(names.map((name) => openUnlimited(gateway, name)))));
  }
  return ids;
}

async function openUnlimited(gateway: BenchGateway, name: string): Promise<string> {
  const { openAccount } = await gateway.graphql<{ openAccount: { id: string } }>(OPEN, {
    input: { name, broker: 'simulated', startingCash: '100000000' },
  });
  await gateway.graphql(LIFT, {
    id: openAccount.id,
    limits: {
      maxPositionNotional: null,
      maxLeverage: null,
      maxConcentration: null,
      maxDrawdown: null,
      maxDailyLoss: null,
    },
  });
  return openAccount.id;
}

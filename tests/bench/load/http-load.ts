import { Agent, request } from 'node:http';

/** What one client sends next, as a JSON body. */
export type NextBody = (client: number) => string;

export interface LoadResult {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly answered: number;
  /** Answers that `isGood` refused; the first of them in `firstBad`. */
  readonly bad: number;
  readonly firstBad: string | null;
}

export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Closed loops: each waits for its answer before it sends again. */
  readonly clients: number;
  readonly seconds: number;
  readonly warmUpSeconds: number;
  readonly body: NextBody;
  readonly isGood: (answer: string) => boolean;
}

/** Clients in closed loops over kept connections, for a time; figures are of the time after the warm-up. */
export async function runLoad(options: LoadOptions): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: options.clients });
  const url = new URL(options.url);
  const from = performance.now() + options.warmUpSeconds * 1_000;
  const until = from + options.seconds * 1_000;
  const times: number[] = [];
  let bad = 0;
  let firstBad: string | null = null;

  const loop = async (client: number): Promise<void> => {
    while (performance.now() < until) {
      const started = performance.now();
      const answer = await post(agent, url, options.headers, options.body(client));
      const ended = performance.now();
      if (!options.isGood(answer)) {
        bad += 1;
        firstBad ??= answer.slice(0, 500);
      }
      if (started >= from && ended < until) times.push(ended - started);
    }
  };
  await Promise.all(Array.from({ length: options.clients }, (_, client) => loop(client)));
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? Number.NaN;
  return {
    perSecond: times.length / options.seconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    p99Ms: at(0.99),
    answered: times.length,
    bad,
    firstBad,
  };
}

function post(
  agent: Agent,
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () => {
          resolve(text);
        });
        response.on('error', reject);
      },
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

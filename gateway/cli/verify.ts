import type { Config } from '../config.ts';
import { type Database, openDatabase } from '../database/open-database.ts';
import {
  accountsWithJournal,
  type VerifiedChain,
  verifyAudit,
  verifyJournal,
  workspacesWithAudit,
} from '../database/verify.ts';

const OPEN_TIMEOUT_MS = 60_000;

interface Chain {
  readonly name: string;
  readonly verify: (signal: AbortSignal) => Promise<VerifiedChain>;
}

/** Prints a line a chain; throws when any is broken, after all have been looked at. */
export async function verifyChains(config: Config): Promise<void> {
  const database = await openDatabase(config, () => undefined, AbortSignal.timeout(OPEN_TIMEOUT_MS));
  try {
    let broken = 0;
    for (const { name, verify } of await chainsOf(database)) {
      const line = await verify(new AbortController().signal).then(
        ({ entries, hash }) => `${name}: ${String(entries)} entries, head ${hash ?? 'none'}`,
        (error: unknown) => {
          broken += 1;
          return `${name}: BROKEN: ${error instanceof Error ? error.message : String(error)}`;
        },
      );
      process.stdout.write(`${line}\n`);
    }
    if (broken > 0) throw new Error(`${String(broken)} chains are broken`);
  } finally {
    await database.close();
  }
}

async function chainsOf({ writer }: Database): Promise<readonly Chain[]> {
  const signal = AbortSignal.timeout(OPEN_TIMEOUT_MS);
  const journals = (await accountsWithJournal(writer, signal)).map((id) => ({
    name: `journal ${id}`,
    verify: (each: AbortSignal) => verifyJournal(writer, id, each),
  }));
  const audits = (await workspacesWithAudit(writer, signal)).map((id) => ({
    name: `audit ${id}`,
    verify: (each: AbortSignal) => verifyAudit(writer, id, each),
  }));
  return [...journals, ...audits];
}

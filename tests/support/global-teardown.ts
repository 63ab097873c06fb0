import { stopTestServer } from './postgres.ts';

export default async function globalTeardown(): Promise<void> {
  const folder = process.env.TEST_POSTGRES_DIR;
  if (folder !== undefined) await stopTestServer(folder);
}

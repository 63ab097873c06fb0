import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serverAudits } from 'graphql-http';

import { type PublicApi, startPublicApi } from '../../support/server/public-api.ts';

/** Where the specification leaves a choice, and ours is the other one. Nothing that MUST be is among them. */
const OTHER_CHOICE = new Map([
  ['5A70', 'MAY by GET: only POST is answered, so that nothing runs that a link or an image can send'],
  ['D6D5', 'MAY by GET'],
  ['6A70', 'MAY by GET'],
  ['572B', '400 and not 200 for a document that does not parse, whatever the client accepts'],
  ['FDE2', '400 and not 200 for a document that is not valid'],
  ['7B9B', '400 and not 200 for variables of the wrong type'],
]);

let api: PublicApi;
beforeAll(async () => {
  api = await startPublicApi();
});
afterAll(() => api.close());

describe('the audits of graphql-http', () => {
  const audits = serverAudits({ url: () => `${api.address}/graphql`, fetchFn: fetch });

  it.each(audits.map((audit) => [audit.id, audit.name, audit] as const))('%s %s', async (id, _, audit) => {
    const result = await audit.fn();
    const outcome = result.status === 'ok' ? 'ok' : `${result.status}: ${result.reason}`;
    if (OTHER_CHOICE.has(id)) expect(outcome).toMatch(/^(warn|notice): .* (405|400)?/);
    else expect(outcome).toBe('ok');
  });
});

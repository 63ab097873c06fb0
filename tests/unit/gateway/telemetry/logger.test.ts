import { describe, expect, it } from '@jest/globals';

import { createLogger } from '../../../../gateway/telemetry/logger.ts';

function logged(fields: object): { readonly text: string; readonly line: Record<string, unknown> } {
  let text = '';
  const logger = createLogger({
    level: 'debug',
    instanceId: 'test',
    destination: {
      write(line) {
        text += line;
      },
    },
  });
  logger.info(fields, 'message');
  return { text, line: JSON.parse(text) as Record<string, unknown> };
}

describe('log lines', () => {
  it('blank secrets at any depth', () => {
    const { text } = logged({
      password: 'canary-1',
      a: { b: { c: { accessToken: 'canary-2', list: [{ apiKey: 'canary-3', 'x-api-key': 'canary-4' }] } } },
      headers: { authorization: 'Bearer canary-5' },
    });
    expect(text).not.toMatch(/canary/);
    expect(text).toMatch(/\[secret\]/);
  });

  it('show an error with its code and causes', () => {
    const cause = Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' });
    const { line } = logged({ error: new Error('no database', { cause }) });
    expect(line).toMatchObject({ error: { message: 'no database', cause: { code: 'ECONNREFUSED' } } });
  });

  it('bear the trace id of a traceparent', () => {
    const { line } = logged({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    expect(line['traceId']).toBe('0af7651916cd43dd8448eb211c80319c');
  });
});

import { describe, expect, it } from '@jest/globals';

import { NotOwnerError } from '../../../../core/ports/forwarder.ts';
import { JournalError } from '../../../../core/ports/journal.ts';
import { StatementError } from '../../../../gateway/database/connection-pool.ts';
import { createLogger } from '../../../../gateway/telemetry/logger.ts';

function logged(
  fields: object,
  level: 'info' | 'warn' | 'error' = 'info',
): { readonly text: string; readonly line: Record<string, unknown> } {
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
  logger[level](fields, 'message');
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

  it('show the stack of what is grave, and of a fault of the program however grave, but not of an outage', () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const outage = new JournalError('NOT_COMMITTED', 'nothing was written', { cause: refused });
    const lostLease = new NotOwnerError('account-1');
    const lostLine = new StatementError('UNKNOWN', null, new Error('Connection terminated unexpectedly'));
    for (const error of [outage, lostLease, lostLine, new TypeError('fetch failed', { cause: refused })]) {
      expect(logged({ error }, 'warn').text).not.toContain('stack');
      expect(logged({ error }, 'warn').line).toMatchObject({ error: { message: error.message } });
      expect(logged({ error }, 'error').line).toMatchObject({ error: { stack: error.stack } });
    }
    const fault = new JournalError('UNKNOWN', 'the append did not end well', {
      cause: new TypeError('undefined is not a function'),
    });
    for (const error of [fault, new Error('without a code')]) {
      expect(logged({ error }, 'warn').line).toMatchObject({ error: { stack: error.stack } });
    }
  });

  it('bear the trace id of a traceparent', () => {
    const { line } = logged({ traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' });
    expect(line['traceId']).toBe('0af7651916cd43dd8448eb211c80319c');
  });
});

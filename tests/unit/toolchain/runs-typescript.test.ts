import 'reflect-metadata';

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { expect, test } from '@jest/globals';

import { failOnPurpose, Subject } from './fixture.ts';

test('decorated classes carry the types of their members', () => {
  expect(Reflect.getMetadata('design:type', Subject.prototype, 'since')).toBe(Date);
  expect(Object.keys(new Subject())).toEqual([]);
});

test('stack traces name the line of the TypeScript source', () => {
  expect(failOnPurpose).toThrow(
    expect.objectContaining({ stack: expect.stringMatching(/fixture\.ts:20:9/) }),
  );
});

test('a worker thread runs TypeScript too', async () => {
  const worker = new Worker(new URL('./fixture.ts', import.meta.url));
  const [message] = (await once(worker, 'message')) as [unknown];
  expect(message).toBe(2);
  await worker.terminate();
});

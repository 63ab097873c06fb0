import { test } from 'node:test';

import { brokerConformance } from '@omniquant/plugin-sdk/testing';

import { broker } from './broker.ts';
import fixture from './fixture.ts';

// What every broker has to pass: that it never guesses, sends nothing twice, loses no fill, ...
for (const { number, title, run } of brokerConformance(broker, fixture)) {
  void test(`${number} ${title}`, async (t) => {
    const skipped = await run();
    if (skipped !== null) t.skip(skipped);
  });
}

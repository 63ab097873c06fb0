import { describe, expect, it } from '@jest/globals';
import { defineStrategy, T, type TSchema } from '@omniquant/plugin-sdk';

import { checkStrategyParameters } from '../../../../gateway/plugins/strategy-parameters.ts';

const RUN = { symbols: ['AAPL'], interval: 'MINUTE_1' } as const;

const refusing = (field: string, config: TSchema) =>
  defineStrategy({
    ...{ id: 'refuses', description: 'Refuses all', config, create: () => ({}) },
    check: () => ({ field, message: 'is not liked' }),
  });

describe('parameters that a strategy checks itself', () => {
  it.each([
    ['symbols', T.Object({}), true],
    ['symbols[1]', T.Object({}), true],
    ['interval', T.Object({}), true],
    ['symbols', T.Object({ symbols: T.Optional(T.Array(T.String())) }), undefined],
    ['fast', T.Object({ fast: T.Optional(T.Integer()) }), undefined],
    ['', T.Object({}), undefined],
  ])('says of %j what it belongs to', (field, config, isOfRun) => {
    const checked = checkStrategyParameters(refusing(field, config), {}, RUN);
    const problem = { field, message: 'is not liked', ...(isOfRun && { isOfRun }) };
    expect(checked).toEqual({ problems: [problem] });
  });

  it('says what it does not know before what is missing', () => {
    const config = T.Object({ fast: T.Integer(), slow: T.Integer() });
    expect(checkStrategyParameters(refusing('', config), { slow: 3, fsat: 2 }, RUN)).toEqual({
      problems: [
        { field: 'fsat', message: 'is not a known option: the nearest is fast' },
        { field: 'fast', message: "must have required property 'fast'" },
      ],
    });
    expect(checkStrategyParameters(refusing('', config), { slow: 3, fast: 2, colour: 1 }, RUN)).toEqual({
      problems: [{ field: 'colour', message: 'is not a known option' }],
    });
  });
});

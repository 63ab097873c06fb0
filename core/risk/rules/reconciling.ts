import type { Mismatch } from '../../engine/account-state.ts';
import { deny, show } from '../deny.ts';
import type { RiskRule } from '../rule.ts';

const describe = ({ symbol, currency, ours, theirs }: Mismatch): string =>
  `${symbol ?? currency ?? '?'}: ${show(ours)} here, ${show(theirs)} at the broker`;

/** RECONCILING: no entries while the account differs from its broker or an adopted order is unresolved. */
export const reconciling: RiskRule = {
  name: 'reconciling',
  codes: ['RECONCILING'],
  compares: 'positions and cash with those of the broker; open entry blocks',
  limit: 'mismatches and entry blocks of the account',
  exempt: 'orders that only reduce a position',
  check: ({ addsExposure }, { mismatches, entryBlocks }) => {
    if (!addsExposure || (mismatches.size === 0 && entryBlocks.size === 0)) return null;
    const causes = [...[...mismatches.values()].map(describe), ...entryBlocks];
    return deny(
      'RECONCILING',
      `the account differs from its broker (${causes.join('; ')}): an operator has to resolve it before new entries`,
      { mismatches: mismatches.size, entryBlocks: entryBlocks.size, causes: causes.join('; ') },
    );
  },
};

import { createRequire } from 'node:module';

import type { applyMiddleware as ApplyMiddleware } from 'graphql-middleware';
import type { allow as Allow, deny as Deny, rule as Rule, shield as Shield } from 'graphql-shield';

/*
 * The ESM builds of both packages fail on Node 23 and later and bring two instances of what they
 * share, so their CommonJS builds are loaded, here alone. `chain` and `race` do not work in them.
 */
const require = createRequire(import.meta.url);

export const { applyMiddleware } = require('graphql-middleware') as {
  applyMiddleware: typeof ApplyMiddleware;
};

export const { allow, deny, rule, shield } = require('graphql-shield') as {
  allow: typeof Allow;
  deny: typeof Deny;
  rule: typeof Rule;
  shield: typeof Shield;
};

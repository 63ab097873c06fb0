import { deny } from '../deny.ts';
import { isFlattening, type RiskRule } from '../rule.ts';

const WINDOW_MS = 1000;

/**
 * ORDER_RATE: submissions in the last second of wall time + 1 <= maxOrdersPerSecond. An order that is
 * denied for it leaves no trace and may be sent again under the same client order id.
 */
export const orderRate: RiskRule = {
  name: 'order-rate',
  codes: ['ORDER_RATE'],
  compares: 'submissions and replacements in the last second of wall time with this one',
  limit: 'maxOrdersPerSecond',
  exempt: "legs of a bracket; the gateway's own closing orders",
  check: (candidate, { limits, recentSubmissions }, { wall }) => {
    const limit = limits.maxOrdersPerSecond;
    if (limit === null || candidate.isLeg || isFlattening(candidate)) return null;
    // The order that may go first when `limit` others have gone is the one `limit` places from the end.
    const earliest = limit <= 0 ? wall : recentSubmissions.at(-limit);
    if (earliest === undefined || wall - earliest >= WINDOW_MS) return null;
    const retryAfterMs = earliest + WINDOW_MS - wall;
    return deny(
      'ORDER_RATE',
      `${limit} orders were sent within the last second, the limit maxOrdersPerSecond: send again in ${retryAfterMs} ms, or raise maxOrdersPerSecond`,
      { limitName: 'maxOrdersPerSecond', limit, retryAfterMs },
    );
  },
};

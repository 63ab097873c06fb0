/**
 * Which way an indicator that is always in one trend or the other sees the price go.
 *
 * @see {@link supertrend}
 */
export type Trend = 'up' | 'down';

/** Which way an indicator that is always in one trend or the other sees the price go. */
export type Trend = 'up' | 'down';

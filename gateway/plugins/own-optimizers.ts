/** Packages of the optimizers that come with the gateway. */
export const OWN_OPTIMIZERS: readonly string[] = [
  '@omniquant/optimizer-equal-weight',
  '@omniquant/optimizer-inverse-volatility',
  '@omniquant/optimizer-minimum-variance',
];

/** Packages of the tuners that come with the gateway. */
export const OWN_TUNERS: readonly string[] = [
  '@omniquant/tuner-cma-es',
  '@omniquant/tuner-grid',
  '@omniquant/tuner-random',
  '@omniquant/tuner-tpe',
];

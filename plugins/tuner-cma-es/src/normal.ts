/** G. Box and M. Muller, "A Note on the Generation of Random Normal Deviates", Annals of Mathematical Statistics 29, 1958. */
export const normalDraw = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

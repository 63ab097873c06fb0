/** Beyond, the rest is less than the last digit. */
const FAR = 8.5;
const LOG_ROOT_TWO_PI = 0.918_938_533_204_672_8;

/** Standard normal distribution function, by the series of G. Marsaglia (Journal of Statistical Software 11(4), 2004). */
export function normalCdf(x: number): number {
  if (x < -FAR) return 0;
  if (x > FAR) return 1;
  let sum = x;
  let term = x;
  for (let k = 3, before = 0; sum !== before; k += 2) {
    before = sum;
    term *= (x * x) / k;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - LOG_ROOT_TWO_PI);
}

export const normalPdf = (x: number): number => Math.exp(-0.5 * x * x - LOG_ROOT_TWO_PI);

/** G. Box and M. Muller, "A Note on the Generation of Random Normal Deviates", Annals of Mathematical Statistics 29, 1958. */
export const normalDraw = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

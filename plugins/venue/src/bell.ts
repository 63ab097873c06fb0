/**
 * Nearly normal with mean 0 and variance 1: the sum of a number's four bytes, which is at most 3.4 in
 * size. Bounded tails suit a path that has to stay between a low and a high.
 */
export const bellOf = (uint32: number): number => {
  const sum = (uint32 & 255) + ((uint32 >>> 8) & 255) + ((uint32 >>> 16) & 255) + (uint32 >>> 24);
  return (sum - 510) / 147.8;
};

/**
 * Of the memory outside of its heap that a thread may have, MB, what bars may take of it: the thread is replaced after a
 * task that leaves it with more than half.
 */
export const barMegabytesOf = (externalMegabytes: number): number => externalMegabytes * 0.4;

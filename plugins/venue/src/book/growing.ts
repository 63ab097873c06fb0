/** No order, level or page. */
export const NONE = -1;

/** A copy with another length; what is new is 0. */
export function resizedFloats(values: Float64Array, length: number): Float64Array<ArrayBuffer> {
  const resized = new Float64Array(length);
  resized.set(values);
  return resized;
}

/** As {@link resizedFloats}. */
export function resizedInts(values: Int32Array, length: number): Int32Array<ArrayBuffer> {
  const resized = new Int32Array(length);
  resized.set(values);
  return resized;
}

/** Bytes a minute that a process may write to each of its outputs; more is dropped before it is written. */
const BYTES_A_MINUTE = 65_536;
const MINUTE = 60_000;

/**
 * Keeps a chatty plugin below what its gateway would kill it for. The gateway does not rely on it: it counts
 * for itself.
 */
export function limitOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    let minute = 0;
    let bytes = 0;
    const limited = (chunk: string | Uint8Array): boolean => {
      const now = Math.floor(performance.now() / MINUTE);
      if (now !== minute) bytes = 0;
      minute = now;
      bytes += chunk.length;
      return bytes > BYTES_A_MINUTE ? true : write(chunk);
    };
    stream.write = limited;
  }
}

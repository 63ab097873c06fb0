/** Characters a minute: well above what the process allows itself, see limit-output.ts. */
const CHARACTERS_A_MINUTE = 524_288;
const MINUTE = 60_000;

/** How much of a process's output is read. */
export class OutputBudget {
  private minute = 0;
  private taken = 0;

  /** False once there was too much of it within the minute. */
  take(characters: number): boolean {
    const minute = Math.floor(performance.now() / MINUTE);
    if (minute !== this.minute) this.taken = 0;
    this.minute = minute;
    this.taken += characters;
    return this.taken <= CHARACTERS_A_MINUTE;
  }
}

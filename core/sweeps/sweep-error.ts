export type SweepErrorCode =
  /** A setting that no sweep can be made with; `field` names it. */
  | 'BAD_USER_INPUT'
  /** The tuner does not keep to its contract, or throws. */
  | 'TUNER_FAILED'
  /** A snapshot of another sweep, or of another version. */
  | 'SNAPSHOT_MISMATCH';

/** Why a sweep cannot be run, or not any further. An evaluation that fails is none: its tuner is told, and others go on. */
export class SweepError extends Error {
  readonly code: SweepErrorCode;
  /** Path of the setting that is wrong, such as "walkForward.trainDays"; null when none is. */
  readonly field: string | null;

  constructor(code: SweepErrorCode, message: string, field: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SweepError';
    this.code = code;
    this.field = field;
  }
}

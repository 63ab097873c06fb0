export type JobErrorCode =
  /** As many wait as may: ask later, or raise the pool's limits. */
  | 'JOB_QUEUE_FULL'
  /** Its plugin is one that threads of the gateway do not run. */
  | 'JOB_REFUSED'
  /** The plugin threw; `reason` has the code of its error. */
  | 'JOB_FAILED'
  /** It took longer than its deadline, or blocked. */
  | 'JOB_TIMED_OUT'
  /** Whoever asked does not want it any more. */
  | 'JOB_ABORTED'
  /** It needed more memory than a job may. */
  | 'JOB_OUT_OF_MEMORY'
  /** Its thread came to an end before it had an answer. */
  | 'JOB_EXITED'
  | 'JOB_POOL_CLOSED';

/** Why there is no result of a job. It has had no effect. */
export class JobError extends Error {
  readonly code: JobErrorCode;
  /** With JOB_FAILED the code of the plugin's own error, such as "INFEASIBLE"; else null. */
  readonly reason: string | null;

  constructor(
    code: JobErrorCode,
    message: string,
    { reason = null, ...options }: ErrorOptions & { readonly reason?: string | null } = {},
  ) {
    super(message, options);
    this.name = 'JobError';
    this.code = code;
    this.reason = reason;
  }
}

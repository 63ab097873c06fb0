import type { HostedStep } from '../../../core/ports/strategy-host.ts';

/** The step with what it saved as an object. */
export const readable = ({ saved, ...step }: HostedStep): object => ({
  ...step,
  saved: saved === null ? null : (JSON.parse(saved()) as object),
});

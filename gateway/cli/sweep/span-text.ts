import { UsageError } from '../usage-error.ts';

const DAYS = { d: 1, w: 7, m: 365 / 12, y: 365 } as const;

/** Days of a span such as "500d", "26w", "18m", "2y". Throws UsageError that names the option. */
export function daysOf(option: string, text: string): number {
  const [, amount = '', unit = ''] = /^(\d{1,5})([dwmy])$/.exec(text.toLowerCase()) ?? [];
  const length = DAYS[unit as keyof typeof DAYS] as number | undefined;
  if (length !== undefined) return Math.round(Number(amount) * length);
  const nearest = /^\d{1,5}$/.test(text) ? `: the nearest is ${text}d` : '';
  throw new UsageError(
    `omniquant: --${option} is ${JSON.stringify(text)}, and has to be a span such as 500d, 26w, 18m or 2y${nearest}`,
  );
}

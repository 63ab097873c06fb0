import type { AccountEvent, AlertCode, AlertSeverity } from '../account-event.ts';

type Details = Readonly<Record<string, string | number | boolean | null>>;

export const alert = (
  code: AlertCode,
  severity: AlertSeverity,
  message: string,
  orderId: string | null = null,
  details: Details = {},
): AccountEvent => ({ type: 'RISK_ALERT', code, severity, message, orderId, details });

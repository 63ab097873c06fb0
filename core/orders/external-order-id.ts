const PREFIX = 'external:';

/** Our id of an order that was not placed here: it follows from the account and the broker's id, so a repeated message finds it. */
export const externalOrderId = (accountId: string, brokerOrderId: string): string =>
  `${PREFIX}${accountId}:${brokerOrderId}`;

export const isExternalOrderId = (orderId: string): boolean => orderId.startsWith(PREFIX);

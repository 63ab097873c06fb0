import type { AlertCode } from '../engine/account-event.ts';

/** What somebody who is woken up reads: what happened, in a line, and what to do about it. */
export interface AlertText {
  readonly title: string;
  readonly advice: string;
}

/** Of every alert that a journal may hold. */
export const ALERT_TEXTS: Readonly<Record<AlertCode, AlertText>> = {
  DAILY_LOSS: {
    title: 'Daily loss limit reached',
    advice:
      'New risk is refused until the next trading day or until somebody sets the trading state; positions stay as they are unless the gateway is set to close them.',
  },
  DRAWDOWN: {
    title: 'Drawdown limit reached',
    advice: 'New risk is refused until somebody sets the trading state. Look at the open positions.',
  },
  OVERFILLED: {
    title: 'More was executed than ordered',
    advice: 'The position is larger than intended. Compare it with the broker, and reduce it if need be.',
  },
  BRACKET_BOTH_FILLED: {
    title: 'Both exits of a bracket were executed',
    advice: 'The position may have turned round. Look at it and close what was not intended.',
  },
  BRACKET_CANCEL_IN_DOUBT: {
    title: 'Cancel of a bracket’s leg in doubt',
    advice: 'Until the broker answers the other exit waits. Look at the order at the broker.',
  },
  LATE_FILL: {
    title: 'A fill came after its order was done',
    advice: 'It is booked. Look whether the position is what it should be, and whether it has its stop.',
  },
  FILL_BUSTED: {
    title: 'The venue took a fill back',
    advice: 'The position and cash are corrected. Look whether the trade has to be made again.',
  },
  ORDER_IN_DOUBT: {
    title: 'An order is in doubt',
    advice: 'The gateway goes on asking the broker. If it lasts, look at the broker and resolve the order.',
  },
  ORDER_ADOPTED: {
    title: 'The venue has an order that is unknown here',
    advice: 'Entries are blocked until somebody has looked at it and called resolveOrder.',
  },
  EXTERNAL_ORDER: {
    title: 'An order was placed past the gateway',
    advice: 'It is followed as any other. Nothing is to be done if it was meant.',
  },
  POSITION_MISMATCH: {
    title: 'Position differs from the broker’s',
    advice: 'Entries are blocked. Find out which is right, then call resolveMismatch.',
  },
  BALANCE_MISMATCH: {
    title: 'Cash differs from the broker’s',
    advice: 'Entries are blocked. Find out which is right, then call resolveMismatch.',
  },
  MISMATCH_RESOLVED: {
    title: 'A difference from the broker is gone',
    advice: 'Nothing is to be done.',
  },
  TRADING_STATE: {
    title: 'Trading state changed',
    advice: 'Nothing is to be done if it was meant.',
  },
  STRATEGY_RESTARTED: {
    title: 'A strategy failed and begins again',
    advice: 'It goes on from what it had saved. Look at its events if it happens again.',
  },
  STRATEGY_STOPPED: {
    title: 'A strategy was stopped',
    advice: 'Nothing is to be done if it was meant. Its positions stay.',
  },
  STRATEGY_FAILED: {
    title: 'A strategy has failed and is stopped',
    advice: 'Its positions and orders stay as they are: look after them, then start it again.',
  },
  TRIGGER_REFUSED: {
    title: 'A triggered order was not sent',
    advice: 'Look at the position: what the order was to protect is not protected.',
  },
  UNEXPECTED_VENUE_MESSAGE: {
    title: 'The venue said something unexpected',
    advice: 'Compare the account with the broker.',
  },
};

/** Codes of what the gateway says about itself and its connections. */
export type GatewayCode =
  | 'JOURNAL_DISK_LOW'
  | 'JOURNAL_DISK_RECOVERED'
  | 'PLUGIN_FAILED'
  | 'PLUGIN_RECOVERED'
  | 'BROKER_CONNECTION_LOST'
  | 'BROKER_CONNECTION_REGAINED';

export const GATEWAY_TEXTS: Readonly<Record<GatewayCode, AlertText>> = {
  JOURNAL_DISK_LOW: {
    title: 'The journal’s disk is nearly full',
    advice: 'Only what takes risk away is accepted until there is room: free some, or enlarge the disk.',
  },
  JOURNAL_DISK_RECOVERED: {
    title: 'The journal’s disk has room again',
    advice: 'Nothing is to be done.',
  },
  PLUGIN_FAILED: {
    title: 'A plugin does not work',
    advice: 'What it offers is missing. The query plugins tells why.',
  },
  PLUGIN_RECOVERED: { title: 'A plugin works again', advice: 'Nothing is to be done.' },
  BROKER_CONNECTION_LOST: {
    title: 'The connection to a broker is lost',
    advice: 'No order reaches it, and nothing is heard of those that work there. The gateway keeps trying.',
  },
  BROKER_CONNECTION_REGAINED: {
    title: 'The connection to a broker is back',
    advice: 'Orders and positions are compared with the broker by themselves.',
  },
};

/** All codes that a channel can be limited to. */
export const NOTIFICATION_CODES: readonly string[] = [
  ...Object.keys(ALERT_TEXTS),
  ...Object.keys(GATEWAY_TEXTS),
];

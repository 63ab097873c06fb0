import * as connections from './broken-connections.ts';
import * as reports from './broken-reports.ts';
import * as requests from './broken-requests.ts';

/** Brokers that are broken on purpose, each in one way. */
export const BROKEN_BROKERS = { ...connections, ...requests, ...reports };

/** Each broken broker, the case of its fault, and what is said of it. */
export const BROKEN: readonly (readonly [name: keyof typeof BROKEN_BROKERS, number: string, why: RegExp])[] =
  [
    ['callsHome', 'B1', /telemetry\.acme\.invalid/],
    ['logsToken', 'B3', /a credential stands in/],
    ['hammersTheDoor', 'B3', /locks accounts/],
    ['readyTooSoon', 'B4', /READY before/],
    ['queuesWhileDown', 'B5', /notSent was sent later/],
    ['hidesReasons', 'B7', /insufficient-funds/],
    ['timeoutIsNotSent', 'B8', /without an answer it is .*notSent/],
    ['sendsLater', 'B9', /sent again|never had/],
    ['waitsForAnswers', 'B10', /a fill that came before the answer/],
    ['errorIsRejected', 'B11', /a reset in place of an answer is .*rejected/],
    ['triesAgain', 'B11', /sent 2 times/],
    ['adoptsAnything', 'B12', /a second time is .*accepted/],
    ['limitsCancels', 'B13', /a cancel while orders are limited/],
    ['dropsOlderFills', 'B16', /all fills/],
    ['cancelsInItsHead', 'B20', /works is told as canceled/],
    ['replacesUnderTheOldId', 'B21', /a replaced event/],
    ['guessesStatuses', 'B24', /unknown status/],
    ['ignoresBusts', 'B25', /a busted event/],
    ['neverListens', 'B27', /leave READY/],
    ['hidesForeignOrders', 'B29', /there are two orders/],
    ['countsInFloats', 'B32', /123456789\.123456789/],
    ['stopsAreLimits', 'B33', /another type than the STOP order/],
    ['tellsSeconds', 'B34', /is told as at 17/],
    ['forgetsSubscriptions', 'B35', /a quote of ACME/],
    ['givesUpOnGarbage', 'B38', /FAILED|READY/],
    ['readsOnePage', 'B39', /not in fillsSince/],
    ['leaksTimers', 'B40', /Timeout/],
    ['failureIsNothing', 'B42', /lookup of a venue that cannot be reached is null/],
    ['failureIsEmpty', 'B42', /openOrders of a venue that cannot be reached is \[\]/],
    ['ignoresSignals', 'B43', /positions after its signal/],
  ];

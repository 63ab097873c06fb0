/**
 * What no rule of the US equity exchanges foresaw: closed days from 1990 on, hours from 1998 on, each
 * with its reason. Minutes of silence at the open and failures during the day are left out.
 */

/** Days without trading. */
export const SPECIAL_CLOSINGS: readonly { readonly day: string; readonly reason: string }[] = [
  { day: '1994-04-27', reason: 'mourning for President Nixon' },
  { day: '2001-09-11', reason: 'attack on the World Trade Center' },
  { day: '2001-09-12', reason: 'attack on the World Trade Center' },
  { day: '2001-09-13', reason: 'attack on the World Trade Center' },
  { day: '2001-09-14', reason: 'attack on the World Trade Center' },
  { day: '2004-06-11', reason: 'mourning for President Reagan' },
  { day: '2007-01-02', reason: 'mourning for President Ford' },
  { day: '2012-10-29', reason: 'hurricane Sandy' },
  { day: '2012-10-30', reason: 'hurricane Sandy' },
  { day: '2018-12-05', reason: 'mourning for President George H. W. Bush' },
  { day: '2025-01-09', reason: 'mourning for President Carter' },
];

/** Days that opened late or closed early; hours of New York's wall clock. */
export const SPECIAL_HOURS: readonly {
  readonly day: string;
  readonly openHour?: number;
  readonly closeHour?: number;
  readonly reason: string;
}[] = [
  { day: '1997-12-26', closeHour: 13, reason: 'day after Christmas' },
  { day: '1999-12-31', closeHour: 13, reason: 'change of the millennium' },
  { day: '2002-09-11', openHour: 12, reason: 'first anniversary of the attack on the World Trade Center' },
  { day: '2003-12-26', closeHour: 13, reason: 'day after Christmas' },
];

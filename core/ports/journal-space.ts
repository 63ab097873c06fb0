/** How much room the journal's disks have, where that can be seen. */
export interface JournalSpace {
  /**
   * So little is left that it is kept for what takes risk away: cancels, closing orders, and what the
   * venue tells. False where nothing is known.
   */
  readonly isLow: boolean;
}

import { Migration } from '@mikro-orm/migrations';

import { JOURNAL_FUNCTIONS } from './0005-journal-append.ts';

/** What each day's return is measured from: the opening of the day before with its flows of money. */
export class EquityBeforeFlows extends Migration {
  override up(): void {
    this.addSql('ALTER TABLE equity_day ADD COLUMN previous numeric');
    for (const sql of JOURNAL_FUNCTIONS) this.addSql(sql);
  }
}

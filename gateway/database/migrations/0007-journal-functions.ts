import { Migration } from '@mikro-orm/migrations';

import { JOURNAL_FUNCTIONS } from './0005-journal-append.ts';

/** Gives a database that was made with earlier functions the present ones. */
export class JournalFunctions extends Migration {
  override up(): void {
    for (const sql of JOURNAL_FUNCTIONS) this.addSql(sql);
  }
}

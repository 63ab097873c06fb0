import { Migration } from '@mikro-orm/migrations';

import { ROLE_NAMES } from '../roles.ts';

/** Old sweeps are removed, oldest first, with their evaluations. */
const UPKEEP = `
CREATE INDEX sweep_finished ON sweep (finished_at) WHERE finished_at IS NOT NULL;
GRANT DELETE ON sweep TO ${ROLE_NAMES.writer};
`;

export class SweepUpkeep extends Migration {
  override up(): void {
    this.addSql(UPKEEP);
  }
}

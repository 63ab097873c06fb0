import { requireScope } from '../../core/identity/principal.ts';
import type { AuditService } from '../../schema/audit/audit-service.ts';
import type { AccountAccess } from './account-access.ts';

export function createAuditService(access: AccountAccess): AuditService {
  return {
    async entries(context, accountId, first, beforeSequence) {
      requireScope(context.principal, 'ADMIN');
      if (accountId !== null) await access.require(context, accountId, 'accountId');
      return context.reader.audits(accountId, first, beforeSequence);
    },
  };
}

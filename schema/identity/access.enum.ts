import { API_SCOPES, ROLES } from '../../core/identity/access.ts';
import { enumType } from '../enum.ts';

export const RoleEnum = enumType('Role', ROLES, undefined, {
  ADMIN: 'Everything, limits, kill switches and repairs by operators included.',
  TRADER: 'Reads, trades, runs strategies and backtests.',
  VIEWER: 'Reads.',
});

export const ApiScopeEnum = enumType('ApiScope', API_SCOPES);

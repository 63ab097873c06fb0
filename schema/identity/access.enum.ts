import { registerEnumType } from 'type-graphql';

import { API_SCOPES, type ApiScope, type Role, ROLES } from '../../core/identity/access.ts';

function named<T extends string>(values: readonly T[]): Record<T, T> {
  return Object.fromEntries(values.map((value) => [value, value])) as Record<T, T>;
}

export const RoleEnum: Record<Role, Role> = named(ROLES);
export const ApiScopeEnum: Record<ApiScope, ApiScope> = named(API_SCOPES);

registerEnumType(RoleEnum, {
  name: 'Role',
  valuesConfig: {
    ADMIN: { description: 'Everything, limits, kill switches and repairs by operators included.' },
    TRADER: { description: 'Reads, trades, runs strategies and backtests.' },
    VIEWER: { description: 'Reads.' },
  },
});

registerEnumType(ApiScopeEnum, { name: 'ApiScope' });

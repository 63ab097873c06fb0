/** What a member may do in a workspace. Each role includes those after it. */
export const ROLES = ['ADMIN', 'TRADER', 'VIEWER'] as const;
export type Role = (typeof ROLES)[number];

/** What a request may do. Operations ask for scopes, never for roles: a key may hold less than its creator. */
export const API_SCOPES = ['READ', 'TRADE', 'STRATEGIES', 'BACKTESTS', 'ADMIN'] as const;
export type ApiScope = (typeof API_SCOPES)[number];

const SCOPES_OF_ROLE: Readonly<Record<Role, readonly ApiScope[]>> = {
  ADMIN: ['READ', 'TRADE', 'STRATEGIES', 'BACKTESTS', 'ADMIN'],
  TRADER: ['READ', 'TRADE', 'STRATEGIES', 'BACKTESTS'],
  VIEWER: ['READ'],
};

export function scopesOfRole(role: Role): readonly ApiScope[] {
  return SCOPES_OF_ROLE[role];
}

/** The least role that has all the scopes: what an API key counts as. */
export function leastRoleFor(scopes: readonly ApiScope[]): Role {
  if (scopes.includes('ADMIN')) return 'ADMIN';
  return scopes.every((scope) => scope === 'READ') ? 'VIEWER' : 'TRADER';
}

/** The scopes in the order of API_SCOPES, each once, as far as the role has them. */
export function scopesWithin(scopes: readonly ApiScope[], role: Role): readonly ApiScope[] {
  return SCOPES_OF_ROLE[role].filter((scope) => scopes.includes(scope));
}

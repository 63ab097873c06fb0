import type {
  ChannelRow,
  ChannelSettings,
  NotificationChannels,
} from '../../core/ports/notification-channels.ts';
import type { NotifierCatalog } from '../../core/ports/notifiers.ts';

/** A notifier that writes down what it is told. */
export const MEMO_NOTIFIERS: NotifierCatalog = {
  ids: () => ['memo'],
  find: (id) =>
    id === 'memo'
      ? {
          id,
          configSchema: { type: 'object', properties: { delay: { type: 'number' } } },
          secretsSchema: { type: 'object', properties: { apiKey: { type: 'string' } } },
        }
      : null,
};

/** Channels as the database keeps them, with nothing delivered. */
export function createMemoryChannels(): NotificationChannels {
  const rows = new Map<string, ChannelRow>();
  const own = (workspaceId: string, id: string): ChannelRow | null => {
    const row = rows.get(id);
    return row?.workspaceId === workspaceId ? row : null;
  };
  const fresh = (id: string, workspaceId: string, at: number, settings: ChannelSettings): ChannelRow => ({
    ...settings,
    ...{ id, workspaceId, secretNames: [], createdAt: at, lastDeliveredAt: null, lastFailure: null },
    ...{ waiting: 0, delivered: 0, undelivered: 0 },
  });
  return {
    list: async (workspaceId) => [...rows.values()].filter((row) => row.workspaceId === workspaceId),
    find: async (workspaceId, id) => own(workspaceId, id),
    undelivered: async () => [],
    async create({ at, workspaceId }, id, settings, secrets, most) {
      const count = [...rows.values()].filter((row) => row.workspaceId === workspaceId).length;
      if (count >= most) return false;
      rows.set(id, { ...fresh(id, workspaceId, at, settings), secretNames: Object.keys(secrets).sort() });
      return true;
    },
    async update({ workspaceId }, id, settings, secrets) {
      const row = own(workspaceId, id);
      if (row === null) return false;
      const secretNames = secrets === null ? row.secretNames : Object.keys(secrets).sort();
      rows.set(id, { ...row, ...settings, secretNames });
      return true;
    },
    async remove({ workspaceId }, id) {
      return own(workspaceId, id) !== null && rows.delete(id);
    },
  };
}

import { describe, expect, it } from '@jest/globals';

import type { Telemetry } from '../../../../core/ports/telemetry.ts';
import { type JournalSpaceWatch, watchJournalSpace } from '../../../../gateway/database/journal-space.ts';
import { createVirtualClock } from '../../../support/virtual-clock.ts';

const RESERVE = 100 * 1_048_576;

describe("the room on the journal's disks", () => {
  const clock = createVirtualClock();
  const logs: string[] = [];
  const telemetry = {
    log: (level: string, message: string) => logs.push(`${level}: ${message}`),
    gauge: () => undefined,
  } as unknown as Telemetry;
  const free = new Map<string, number | Error>();

  const watch = (...folders: readonly string[]): JournalSpaceWatch =>
    watchJournalSpace({
      ...{ folders, clock, telemetry, reserve: RESERVE },
      freeBytes: (folder) => {
        const bytes = free.get(folder) ?? new Error('no such folder');
        return bytes instanceof Error ? Promise.reject(bytes) : Promise.resolve(bytes);
      },
    });

  it('is low while the fullest disk has less than the reserve, and told once', async () => {
    free.set('/data', RESERVE * 3).set('/wal', RESERVE);
    const space = watch('/data', '/wal');
    await clock.advance(1_100);
    expect([space.isLow, space.shortage]).toEqual([false, null]);
    free.set('/wal', RESERVE - 1);
    await clock.advance(3_000);
    expect(space.isLow).toBe(true);
    expect(space.shortage).toBe('99 MB free on the disk of /wal, of 100 MB kept');
    free.set('/wal', RESERVE * 2);
    await clock.advance(1_000);
    expect(space.isLow).toBe(false);
    expect(logs).toEqual([
      'error: the disk of the journal is nearly full: no order that adds risk is taken',
      'info: the disk of the journal has room again',
    ]);
    space.close();
  });

  it('stays as it was while the disk cannot be looked at', async () => {
    free.set('/wal', 0);
    const space = watch('/wal');
    await clock.advance(1_000);
    free.set('/wal', new Error('EIO'));
    await clock.advance(3_000);
    expect(space.isLow).toBe(true);
    expect(logs.filter((line) => line.startsWith('warn'))).toHaveLength(1);
    space.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('is not known without a folder, and never low then', async () => {
    const space = watch();
    await clock.advance(2_000);
    expect([space.isLow, clock.pendingTimers]).toEqual([false, 0]);
  });

  it('is read from a real disk', async () => {
    const space = watchJournalSpace({
      ...{ folders: ['/'], clock, telemetry, reserve: Number.MAX_SAFE_INTEGER },
    });
    await space.look();
    expect(space.shortage).toMatch(/^\d+ MB free on the disk of \//);
    space.close();
  });
});

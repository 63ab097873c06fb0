import { statfs } from 'node:fs/promises';

import type { Clock, Timer } from '../../core/ports/clock.ts';
import type { JournalSpace } from '../../core/ports/journal-space.ts';
import type { Telemetry } from '../../core/ports/telemetry.ts';
import { withDeadline } from '../../core/runtime/deadline.ts';

export interface JournalSpaceOptions {
  /** On the disks to watch: PostgreSQL's data and its write-ahead log. None: nothing is known, and never low. */
  readonly folders: readonly string[];
  /** Less than this is low, bytes. */
  readonly reserve: number;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Free bytes of the disk that a folder is on. */
  readonly freeBytes?: (folder: string) => Promise<number>;
}

export interface JournalSpaceWatch extends JournalSpace {
  /** Why room is short, in words; null while it is not, or is not known. */
  readonly shortage: string | null;
  look(): Promise<void>;
  close(): void;
}

const EVERY_MS = 1_000;
const LOOK_TIMEOUT_MS = 5_000;
const MEGABYTE = 1_048_576;

const freeOn = async (folder: string): Promise<number> => {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
};

/** Looks once a second at how much room the journal has, where its disks can be seen from here. */
export function watchJournalSpace(options: JournalSpaceOptions): JournalSpaceWatch {
  const { clock, folders, freeBytes = freeOn, reserve, telemetry } = options;
  let shortage: string | null = null;
  let isFailing = false;
  let isClosed = false;
  let timer: Timer | null = null;

  function take(free: readonly number[]): void {
    const least = Math.min(...free);
    const was = shortage;
    const place = folders[free.indexOf(least)] ?? '';
    telemetry.gauge('journal_disk_free_bytes', least);
    shortage =
      least >= reserve
        ? null
        : `${inMegabytes(least)} free on the disk of ${place}, of ${inMegabytes(reserve)} kept`;
    if (was === null && shortage !== null) {
      telemetry.log('error', 'the disk of the journal is nearly full: no order that adds risk is taken', {
        shortage,
      });
    } else if (was !== null && shortage === null) {
      telemetry.log('info', 'the disk of the journal has room again', { free: least });
    }
  }

  async function look(): Promise<void> {
    try {
      take(
        await withDeadline(clock, LOOK_TIMEOUT_MS, 'the file system', () =>
          Promise.all(folders.map(freeBytes)),
        ),
      );
      isFailing = false;
    } catch (error) {
      // What was known last holds: a disk that cannot be looked at is not a full one.
      telemetry.log(isFailing ? 'debug' : 'warn', 'the disk of the journal could not be looked at', {
        error,
      });
      isFailing = true;
    }
  }

  function schedule(): void {
    timer = clock.after(EVERY_MS, () => {
      void look().then(() => {
        if (!isClosed) schedule();
      });
    });
  }

  if (folders.length > 0) schedule();
  return {
    get isLow() {
      return shortage !== null;
    },
    get shortage() {
      return shortage;
    },
    look,
    close() {
      isClosed = true;
      timer?.cancel();
    },
  };
}

const inMegabytes = (bytes: number): string => `${String(Math.floor(bytes / MEGABYTE))} MB`;

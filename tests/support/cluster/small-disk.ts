import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why no file system can be mounted here, or null. */
export function mountMissing(folder: string): string | null {
  const probe = join(folder, 'mount-probe');
  mkdirSync(probe);
  const { status, stderr, error } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe]);
  if (status === 0) spawnSync('umount', [probe]);
  rmSync(probe, { recursive: true });
  return status === 0 ? null : `cannot mount a tmpfs: ${error?.message ?? stderr.toString().trim()}`;
}

/** A file system of a few megabytes that can be filled. */
export interface SmallDisk {
  readonly path: string;
  /** Leaves nothing free but so many bytes. */
  fill(free?: number): void;
  empty(): void;
  close(): void;
}

export function mountSmallDisk(path: string, megabytes: number): SmallDisk {
  mkdirSync(path, { mode: 0o711 });
  const { status, stderr } = spawnSync('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${String(megabytes)}m`,
    'tmpfs',
    path,
  ]);
  if (status !== 0) throw new Error(`mount failed: ${stderr.toString()}`);
  chmodSync(path, 0o711);
  const ballast = join(path, 'ballast');
  return {
    path,
    fill(free = 0) {
      const { bavail, bsize } = statfsSync(path);
      writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - free)), { flag: 'a' });
    },
    empty() {
      rmSync(ballast, { force: true });
    },
    close() {
      spawnSync('umount', ['-l', path]);
    },
  };
}

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A process id alone does not name a process: ids are used again. Id and start time together do.
 * Null when there is no such process; a zombie counts as none.
 */
export function processIdentity(pid: number): string | null {
  if (process.platform === 'linux') {
    return linuxIdentity(pid);
  }
  try {
    const started = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
    }).trim();
    return started === '' || started.startsWith('Z')
      ? null
      : `${String(pid)} ${started.replace(/^\S+\s+/, '')}`;
  } catch {
    return null;
  }
}

export function isAlive(pid: number): boolean {
  return processIdentity(pid) !== null;
}

/** The command line of a running process, or null. */
export function commandLine(pid: number): string | null {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').replaceAll('\0', ' ')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

function linuxIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The command name in parentheses may hold anything, so fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const state = fields[0];
    const startTicks = fields[19];
    return state === 'Z' || state === 'X' || startTicks === undefined
      ? null
      : `${String(pid)} ${startTicks} ${bootId()}`;
  } catch {
    return null;
  }
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return '';
  }
}

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

import { commandLine, processIdentity } from '../../gateway/database/embedded-postgres/process-identity.ts';

export interface RunningProcess {
  readonly pid: number;
  readonly parent: number;
  /** An id alone may be used again; this names the process. */
  readonly identity: string;
  readonly command: string;
}

/** All processes of the machine, zombies left out. */
export function processList(): readonly RunningProcess[] {
  return [...(process.platform === 'linux' ? parentsInProc() : parentsByPs())].flatMap(([pid, parent]) => {
    const identity = processIdentity(pid);
    return identity === null ? [] : [{ pid, parent, identity, command: commandLine(pid) ?? '' }];
  });
}

/** Children, their children, and so on. */
export function processesBelow(root: number): readonly RunningProcess[] {
  const all = processList();
  const below = (parent: number): RunningProcess[] =>
    all.filter((each) => each.parent === parent).flatMap((each) => [each, ...below(each.pid)]);
  return below(root);
}

export function stillRunning(processes: readonly RunningProcess[]): readonly RunningProcess[] {
  return processes.filter(({ pid, identity }) => processIdentity(pid) === identity);
}

/** Minimal images have no `ps`. */
function* parentsInProc(): Generator<readonly [pid: number, parent: number]> {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      // The command's name in parentheses may hold anything: fields count from its end.
      yield [Number(pid), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])];
    } catch {
      // Gone meanwhile.
    }
  }
}

function* parentsByPs(): Generator<readonly [pid: number, parent: number]> {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' });
  for (const [, pid, parent] of table.matchAll(/(\d+)\s+(\d+)/g)) yield [Number(pid), Number(parent)];
}

/** Memory that a process holds, in bytes. */
export function residentBytes(pid: number): number {
  const kilobytes =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  return Number(kilobytes) * 1_024;
}

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

import { commandLine, processIdentity } from '../../gateway/database/embedded-postgres/process-identity.ts';

export interface RunningProcess {
  readonly pid: number;
  /** An id alone may be used again; this names the process. */
  readonly identity: string;
  readonly command: string;
}

/** All processes below one, zombies left out. */
export function processesBelow(root: number): readonly RunningProcess[] {
  const children = childrenByParent();
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((pid) => [pid, ...below(pid)]);
  return below(root).flatMap((pid) => {
    const identity = processIdentity(pid);
    return identity === null ? [] : [{ pid, identity, command: commandLine(pid) ?? '' }];
  });
}

export function stillRunning(processes: readonly RunningProcess[]): readonly RunningProcess[] {
  return processes.filter(({ pid, identity }) => processIdentity(pid) === identity);
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const children = new Map<number, number[]>();
  for (const [pid, parent] of process.platform === 'linux' ? parentsInProc() : parentsByPs()) {
    const siblings = children.get(parent) ?? [];
    children.set(parent, siblings);
    siblings.push(pid);
  }
  return children;
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

import { readFileSync, rmSync } from 'node:fs';

import { type Failpoint, FAILPOINTS, type Failpoints, NO_FAILPOINTS } from '../../core/ports/failpoints.ts';
import { ConfigError } from '../config.ts';

interface Armed {
  readonly point: Failpoint;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
  left: number;
}

/**
 * For tests that kill or stop the process at an exact instruction: "journal.after-append:3" dies by
 * SIGKILL at the third passage, "broker.before-submit:1:stop" is stopped by SIGSTOP at the first. "@path"
 * arms nothing at first: each SIGUSR2 arms what the file holds then and removes it, so that a process that
 * runs for long can be killed at a chosen moment. Throws ConfigError for what is none of these.
 */
export function createProcessFailpoints(setting: string | undefined): Failpoints {
  if (setting === undefined) {
    return NO_FAILPOINTS;
  }
  let armed = setting.startsWith('@') ? null : parse(setting);
  if (armed === null) {
    process.on('SIGUSR2', () => {
      const file = setting.slice(1);
      armed = parse(readFileSync(file, 'utf8').trim());
      rmSync(file);
    });
  }
  return {
    hit(point) {
      if (armed?.point === point && --armed.left === 0) {
        process.kill(process.pid, armed.signal);
      }
    },
  };
}

function parse(text: string): Armed {
  const [name, times = '1', action = 'kill'] = text.split(':');
  const point = FAILPOINTS.find((failpoint) => failpoint === name);
  if (point === undefined || !/^[1-9]\d*$/.test(times) || !/^(kill|stop)$/.test(action)) {
    throw new ConfigError(
      'FAILPOINT',
      `is wrong: it is name[:n[:stop]] or @file, with one of ${FAILPOINTS.join(', ')}`,
    );
  }
  return { point, left: Number(times), signal: action === 'kill' ? 'SIGKILL' : 'SIGSTOP' };
}

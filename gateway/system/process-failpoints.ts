import { FAILPOINTS, type Failpoints, NO_FAILPOINTS } from '../../core/ports/failpoints.ts';
import { ConfigError } from '../config.ts';

/**
 * For tests that kill the process at an exact instruction: "journal.after-append:3" dies by SIGKILL
 * at the third passage. Throws ConfigError for a name that is not a failpoint.
 */
export function createProcessFailpoints(setting: string | undefined): Failpoints {
  if (setting === undefined) {
    return NO_FAILPOINTS;
  }
  const [name, times = '1'] = setting.split(':');
  const known = FAILPOINTS.find((failpoint) => failpoint === name);
  if (known === undefined || !/^[1-9]\d*$/.test(times)) {
    throw new ConfigError('FAILPOINT', `is wrong: it is name[:n] with one of ${FAILPOINTS.join(', ')}`);
  }
  let left = Number(times);
  return {
    hit(point) {
      if (point === known && --left === 0) {
        process.kill(process.pid, 'SIGKILL');
      }
    },
  };
}

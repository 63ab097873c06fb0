/** A process that runs a sandboxed strategy which never comes back, and says so once it is at it. */
import { EMPTY_PORTFOLIO } from '@omniquant/plugin-sdk/strategy-view';

import { barInput, openStranger, strangers } from './sandbox-world.ts';

const FOR_EVER_MS = 3_600_000;

const hosted = await openStranger(
  strangers({ namespaces: 'preferred', requestTimeoutMs: FOR_EVER_MS }),
  'blocks',
);
// It tells its bars until it blocks.
await hosted.run([barInput(1), barInput(2)], EMPTY_PORTFOLIO, false);
void hosted.run([barInput(3)], null, false);
process.stdout.write('blocked\n');

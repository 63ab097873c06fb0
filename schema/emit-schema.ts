import { writeFileSync } from 'node:fs';

import { schemaText } from './print-schema.ts';

writeFileSync(new URL('schema.graphql', import.meta.url), schemaText());

import type { Permission } from '@omniquant/plugin-sdk';

import { brokerTemplate } from './templates/broker-template.ts';
import { notifierTemplate } from './templates/notifier-template.ts';
import { optimizerTemplate } from './templates/optimizer-template.ts';
import type { Template } from './templates/package-files.ts';
import { strategyTemplate } from './templates/strategy-template.ts';

interface KindTemplate {
  readonly files: Template;
  /** What its extension asks for, so that an operator has to grant it. */
  readonly permissions: readonly Permission[];
}

/** By kind of extension. */
export const TEMPLATES: Readonly<Record<string, KindTemplate | undefined>> = {
  strategy: { files: strategyTemplate, permissions: [] },
  optimizer: { files: optimizerTemplate, permissions: [] },
  broker: { files: brokerTemplate, permissions: ['network', 'secrets'] },
  notifier: { files: notifierTemplate, permissions: ['network'] },
};

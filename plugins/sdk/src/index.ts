export type { Static, TSchema } from '@sinclair/typebox';
export { Type as T } from '@sinclair/typebox';
export * from './broker.ts';
export * from './broker-events.ts';
export * from './context.ts';
export * from './order-terms.ts';
export * from './plugin.ts';

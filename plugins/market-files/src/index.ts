export { type BarBlock, type BarFileExtent, writeBarFile } from './bar-file.ts';
export { type BarFiles, barFiles } from './bar-files.ts';
export {
  instrumentOf,
  type InstrumentTerms,
  InstrumentTermsSchema,
  MarketFilesSchema,
  type MarketFilesConfig,
} from './config.ts';
export { type MarketFiles, openMarketFiles } from './open-market-files.ts';
export { type FileEvent, eventPrice, eventTime } from './file-event.ts';
export { barEndOf, zoneOf } from './intervals.ts';
export { importTicks, type ImportedTicks, type TickImport } from './import-ticks.ts';
export type { Series } from './series.ts';
export { readTextTable, type TextTable } from './text-table.ts';
export { type TickReading, TickReadingSchema } from './tick-config.ts';
export { type TickFiles, tickFiles } from './tick-files.ts';
export { TICK_KINDS, type TickBlocks, type TickKind } from './tick-kinds.ts';
export { createZone, type Zone } from './zone.ts';

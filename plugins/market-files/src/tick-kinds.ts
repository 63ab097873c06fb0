/*
 * Quotes, trades, price levels (L2) and single orders (L3): what files of other programs call their columns, and what
 * the Parquet files of `writeTickFiles` have.
 */

export type TickKind = 'QUOTES' | 'TRADES' | 'L2' | 'L3';

export const TICK_KINDS = ['QUOTES', 'TRADES', 'L2', 'L3'] as const satisfies readonly TickKind[];

/** Columns of files that are imported. */
export const TICK_ROLES = [
  ...(['time', 'date', 'symbol', 'bid', 'ask', 'bidSize', 'askSize', 'price', 'size', 'side'] as const),
  ...(['buyerMaker', 'action', 'snapshot', 'orderId', 'newOrderId'] as const),
  ...(['sequence', 'firstSequence', 'previousSequence'] as const),
] as const;
export type TickRole = (typeof TICK_ROLES)[number];

/** Usual names, in small letters without spaces and signs; the first that a file has counts. */
export const USUAL_NAMES: Readonly<Record<TickRole, readonly string[]>> = {
  time: [
    ...['time', 'timestamp', 'datetime', 'ts', 't', 'tsevent', 'eventtime', 'exchangetime', 'transacttime'],
    ...['mssincemidnightet', 'mssincemidnight', 'starttime', 'date'],
  ],
  date: ['date', 'day'],
  symbol: ['symbol', 'ticker', 'instrument', 'sym'],
  bid: ['bid', 'bidprice', 'bidpx', 'bid1e4', 'bidclose', 'bestbid'],
  ask: ['ask', 'askprice', 'askpx', 'offer', 'ask1e4', 'askclose', 'bestask'],
  bidSize: ['bidsize', 'bidqty', 'bidsz', 'bidquantity', 'bidamount'],
  askSize: ['asksize', 'askqty', 'asksz', 'askquantity', 'askamount', 'offersize'],
  price: ['price', 'px', 'p', 'tradeprice', 'price1e4'],
  size: ['size', 'qty', 'quantity', 'amount', 'sz', 'volume', 'shares'],
  side: ['side', 'aggressor', 'aggressorside', 'takerside'],
  buyerMaker: ['isbuyermaker', 'buyermaker', 'm'],
  action: ['action', 'type', 'messagetype', 'msgtype', 'updatetype'],
  snapshot: ['issnapshot', 'snapshot'],
  orderId: ['orderid', 'id', 'oid', 'orderref', 'orderreference'],
  newOrderId: ['neworderid', 'newid', 'newoid', 'neworderref', 'neworderreference'],
  sequence: ['sequence', 'seq', 'sequencenumber', 'seqnum', 'updateid', 'lastupdateid', 'finalupdateid'],
  firstSequence: ['firstsequence', 'firstupdateid', 'firstseq'],
  previousSequence: ['previoussequence', 'prevsequence', 'prevseq', 'prevupdateid', 'previousupdateid', 'pu'],
};

const OF_ALL = ['time', 'date', 'symbol'] as const satisfies readonly TickRole[];

/** What a file of a kind may have. */
export const ROLES_OF: Readonly<Record<TickKind, readonly TickRole[]>> = {
  QUOTES: [...OF_ALL, 'bid', 'ask', 'bidSize', 'askSize'],
  TRADES: [...OF_ALL, 'price', 'size', 'side', 'buyerMaker'],
  L2: [
    ...OF_ALL,
    ...(['action', 'snapshot', 'side', 'price', 'size'] as const),
    ...(['sequence', 'firstSequence', 'previousSequence'] as const),
  ],
  L3: [
    ...OF_ALL,
    ...(['action', 'orderId', 'newOrderId', 'side', 'price', 'size'] as const),
    ...(['sequence', 'firstSequence', 'previousSequence'] as const),
  ],
};

/** What it has to have. */
export const NEEDED_ROLES: Readonly<Record<TickKind, readonly TickRole[]>> = {
  QUOTES: ['time', 'bid', 'ask'],
  TRADES: ['time', 'price', 'size'],
  L2: ['time', 'side', 'price', 'size'],
  L3: ['time', 'action', 'orderId', 'side', 'price', 'size'],
};

/** Blocks of stored ticks, as columns of equal length in ascending order of `at`: epoch ms, with a fraction. */
export interface TickBlocks {
  readonly QUOTES: Readonly<Record<'at' | 'bid' | 'bidSize' | 'ask' | 'askSize', Float64Array>>;
  readonly TRADES: Readonly<Record<'at' | 'price' | 'size', Float64Array>> & { readonly side: Int8Array };
  readonly L2: Readonly<Record<'at' | 'price' | 'size' | 'sequence', Float64Array>> & {
    readonly action: Uint8Array;
    readonly side: Int8Array;
  };
  readonly L3: Readonly<
    Record<'at' | 'orderId' | 'newOrderId' | 'price' | 'size' | 'sequence', Float64Array>
  > & { readonly action: Uint8Array; readonly side: Int8Array };
}

export type StoredType = 'DOUBLE' | 'TINYINT' | 'UTINYINT';
type StoredColumns<K extends TickKind> = readonly (readonly [keyof TickBlocks[K] & string, StoredType])[];

/** Columns of the Parquet files, in the order of their rows. */
export const STORED_COLUMNS: { readonly [K in TickKind]: StoredColumns<K> } = {
  QUOTES: doubles('at', 'bid', 'bidSize', 'ask', 'askSize'),
  TRADES: [...doubles('at', 'price', 'size'), ['side', 'TINYINT']],
  L2: [
    ...doubles('at'),
    ['action', 'UTINYINT'],
    ['side', 'TINYINT'],
    ...doubles('price', 'size', 'sequence'),
  ],
  L3: [
    ...doubles('at'),
    ['action', 'UTINYINT'],
    ...doubles('orderId', 'newOrderId'),
    ['side', 'TINYINT'],
    ...doubles('price', 'size', 'sequence'),
  ],
};

function doubles<const N extends string>(...names: readonly N[]): readonly (readonly [N, StoredType])[] {
  return names.map((name) => [name, 'DOUBLE'] as const);
}

import type { RequestContext, RequestParts } from '../../schema/context.ts';

/** What the server knows of a request. */
export type RequestFacts = Omit<RequestParts, 'services' | 'readers'>;

/** Makes the context of one request or one event; whoever asked closes it when the answer is made. */
export type ContextFactory = (facts: RequestFacts) => RequestContext & { close(): Promise<void> };

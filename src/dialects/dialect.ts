import type { AdapterContext, AdapterEvent, AdapterResponse } from '../types/adapter.js';
import type { ChatRequest } from '../types/chat.js';
import type { JsonObject } from '../types/json.js';
import type { ProviderError } from '../errors.js';

/** Whose wire it is. */
export interface Scope {
  /** The adapter's name. Messages use it, and `providerOptions` are looked up under it first. */
  readonly provider: string;
  /** Who understands what came from there: the key under which `providerData` and opaque parts are written and read. Two adapters of one vendor (`openai`, `openai-eu`) share it. */
  readonly vendor: string;
}

export interface RequestContext extends Scope, Pick<AdapterContext, 'model' | 'warn'> {
  readonly streaming: boolean;
}

/** One server-sent event, as it came: `data` is not parsed yet. */
export interface WireEvent {
  readonly event?: string | undefined;
  readonly data: string;
}

/** An answer that is an error. `body` is the parsed JSON, or the text when it is not JSON (an HTML page of a proxy). */
export interface WireFailure {
  readonly provider: string;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One per stream, stateful and synchronous: a chunk costs one function call. Both methods throw a ProviderError for an error inside the stream. */
export interface StreamDecoder {
  push(event: WireEvent): readonly AdapterEvent[];
  /** The body has ended. Gives `finish` where the terminal marker was seen but its event was held back for what may follow it; nothing when the stream was cut. */
  end(): readonly AdapterEvent[];
}

/** We call a server that speaks it. Pure: no I/O, no SDK, no clock. */
export interface OutboundDialect {
  readonly name: string;
  toRequest(request: ChatRequest, context: RequestContext): JsonObject;
  /** `wire` is parsed JSON, of any shape: throws ProviderError('invalid_response') when it is not an answer, or the error that a 200 carries. */
  fromResponse(wire: unknown, scope: Scope): AdapterResponse;
  fromStream(scope: Scope): StreamDecoder;
  fromError(failure: WireFailure): ProviderError;
}

/** A client that speaks it calls us. */
export interface InboundDialect<Asked = unknown> {
  /** `asked`: what only the answer's encoder needs. Throws RejectedError('invalid_request') naming the field. */
  fromRequest(body: unknown): { readonly request: ChatRequest; readonly streaming: boolean; readonly asked: Asked };
}

import type { ServerAddress } from '../types/adapter.js';
import type { JsonObject } from '../types/json.js';
import type { WireAnswer } from '../transport/transport.js';

/** One request of an adapter, before it is known how it travels. */
export interface WireCall {
  readonly operation: 'chat' | 'embed';
  readonly model: string;
  /** Below the base URL, query included. */
  readonly path: string;
  readonly streaming: boolean;
  readonly body: JsonObject;
  readonly credential: string | undefined;
  /** The call's own headers, already checked. */
  readonly headers: Readonly<Record<string, string>>;
  /** Covers the whole exchange, body included. */
  readonly signal: AbortSignal;
  /** See that of an adapter's context. A client, and a `fetch`, keep to limits of their own. */
  readonly patienceMs: number | undefined;
  /** Called as the request is handed over, to the socket or to the client, and never later: see `tellsSent` of an adapter. */
  readonly sent: () => void;
}

/**
 * How requests travel: our own transport with a key, or a vendor's client. An answer that is an error is an answer
 * too, with its status; only what kept the answer from coming is thrown.
 */
export interface Exchange {
  /** Where requests go. @default not known: a client may keep it to itself */
  readonly server?: ServerAddress | undefined;
  send(call: WireCall): Promise<WireAnswer>;
  close(): Promise<void>;
}

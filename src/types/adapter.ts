import type { ChatRequest, ChatResponse, FinishReason, Warning } from './chat.js';
import type { EmbedRequest, EmbedResponse } from './embed.js';
import type { ProviderData } from './json.js';
import type { ChatDelta } from './stream.js';
import type { Usage } from './usage.js';

/** `headers`: lower case, only those on the allow-list (rate limits, retry, request ids); never cookies or keys. */
export interface AnswerFacts {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId?: string;
}

/** What the core hands to an adapter beside the request. */
export interface AdapterContext {
  /** The model's name at this provider, without the provider's own name before it. */
  readonly model: string;
  /** Which of the provider's keys to use, by name. */
  readonly credential: string | undefined;
  /** Stop everything and close the socket when this fires. The core does not wait for an adapter that ignores it. */
  readonly signal: AbortSignal;
  readonly callId: string;
  /** Extra headers, already validated. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long the provider may be silent before somebody above ends the attempt, in milliseconds, or `Infinity`. Wait as long. Absent: nobody said. */
  readonly patienceMs?: number | undefined;
  /** Say what the provider cannot take as asked. Throws when the call is `strict` and nothing was sent yet: let it. */
  readonly warn: (warning: Warning) => void;
  /** Optional, but limits and reports live on it: call it when the request goes on the wire, at the latest. See `tellsSent`. */
  readonly sent: () => void;
  /** Optional too: call it with the facts when the answer's head is there. */
  readonly answered: (facts: AnswerFacts) => void;
  /**
   * Optional too, for streams: call it for every piece of the answer that arrives, pings and comments most of all, whether or
   * not an event comes of it. Without it a stream that only pings counts as stalled. Costs next to nothing.
   */
  readonly alive: () => void;
}

/** What an adapter owes; the core adds the rest. */
export type AdapterResponse = Omit<ChatResponse, 'provider' | 'text' | 'toolCalls' | 'object' | 'warnings' | 'gateway' | 'usage'> & {
  /** Absent: the provider did not say. Never zero for that. */
  readonly usage?: Usage;
};

export type AdapterEmbedResponse = Omit<EmbedResponse, 'provider' | 'warnings' | 'gateway' | 'usage'> & { readonly usage?: Usage };

/** `start` without the provider's name: the core knows it. */
export type AdapterEvent =
  | Exclude<ChatDelta, { readonly type: 'start' }>
  | { readonly type: 'start'; readonly id: string; readonly model: string; readonly provider?: string }
  /** What the provider says of usage on the way; each replaces the one before. Readers do not see it: it prices a stream that is cut. */
  | { readonly type: 'usage'; readonly usage: Usage }
  | {
      readonly type: 'finish';
      readonly finishReason: FinishReason;
      /** Absent: the provider did not say. */
      readonly usage?: Usage;
      readonly providerData?: ProviderData;
      readonly serviceTier?: string;
    };

/** An iterator that can say at once what has come already: then an event costs no promise. Optional; `next` must give the same events in the same order. */
export interface EagerIterator<E> extends AsyncIterator<E> {
  /** The next event if it is there, taken as by `next`; else undefined, and the reader asks `next`. */
  ready?(): E | undefined;
}

/** A host name or an IP address, and its port. */
export interface ServerAddress {
  readonly address: string;
  readonly port: number;
}

/** One provider: a name, and at least one of `chat`, `stream` and `embed`. */
export interface ProviderAdapter {
  /** What callers write before the slash. */
  readonly name: string;
  /** Names of its keys, in the order to try them. */
  readonly credentials?: readonly string[];
  /**
   * A promise to call `sent` for every request that leaves: then an attempt that ends without it is known to be `not_sent`,
   * the first one too, and costs nothing. @default false: known once it was seen to call it, `possibly_billed` until then
   */
  readonly tellsSent?: boolean;
  /** Where its requests go, for telemetry. @default not known */
  readonly server?: ServerAddress;
  /** Only one of `chat` and `stream` is needed: the core makes the other from it. */
  chat?(request: ChatRequest, context: AdapterContext): Promise<AdapterResponse>;
  /** Deltas, then one `finish`. Ending without `finish` is a cut stream: the core throws `stream_interrupted`. */
  stream?(request: ChatRequest, context: AdapterContext): AsyncIterable<AdapterEvent>;
  embed?(request: EmbedRequest, context: AdapterContext): Promise<AdapterEmbedResponse>;
  close?(): Promise<void>;
}

import type { Json } from '../types/json.js';
import type { AnswerReply, EmbedReply, Ending, ErrorReply, Timing } from './reply.js';

/** What `fakeServer` can be told to answer: the vocabulary of `mockProvider`, and what only a wire can do. */
export type ServerReply = string | ServerAnswer | (ErrorReply & Wiring) | (EmbedReply & Wiring) | RawReply;

export interface ServerAnswer extends Omit<AnswerReply, 'ending' | 'warnings'>, Wiring {
  /** What happens after the content, or after `endAfterBytes`. @default 'finish' */
  readonly ending?: ServerEnding;
}

/** Bytes of your own: an HTML page of a proxy, a redirect, a recorded stream. */
export interface RawReply extends Timing, Wiring {
  /** @default 200 */
  readonly status?: number;
  /** Text and bytes go out as they are, everything else as JSON. */
  readonly body: Json | Uint8Array;
  /** @default 'finish' */
  readonly ending?: Exclude<ServerEnding, object>;
}

/**
 * - `close`: the socket is closed in the middle of the answer.
 * - `reset`: the same by RST.
 * - `malformed`: an event whose JSON breaks off, then the rest.
 * - `{ giantEvent }`: one event of that many bytes, then the rest.
 */
export type ServerEnding = Ending | 'close' | 'reset' | 'malformed' | { readonly giantEvent: number };

/** How the bytes go out. */
export interface Wiring {
  /** How they are cut into writes: the pieces a reader gets may be larger, never smaller. @default 'events', one write each */
  readonly write?: 'events' | 'whole' | { readonly events: number } | { readonly bytes: number };
  /** The answer ends after that many bytes of its body instead of after its content; `ending` says how, and 'finish' means 'cut' then. */
  readonly endAfterBytes?: number;
  /** Closes the socket after a good answer without saying so before: the next request of a client that keeps it alive meets a stale socket. @default false */
  readonly dropSocket?: boolean;
}

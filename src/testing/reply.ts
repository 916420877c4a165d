import type { FinishReason, Warning } from '../types/chat.js';
import type { ProviderCode } from '../types/codes.js';
import type { Json } from '../types/json.js';
import type { AssistantPart, ToolCallPart } from '../types/message.js';
import type { Certainty } from '../types/report.js';
import type { Usage } from '../types/usage.js';

/** What both test doubles can be told to answer. A bare string is `{ text }`. */
export type ReplyScript = string | AnswerReply | ErrorReply | EmbedReply;

/** A chat answer. Streams when the call streams. */
export interface AnswerReply extends Timing {
  /** A string streams word by word (see `chunkSize`); a list streams as given, one delta each. */
  readonly text?: string | readonly string[];
  /** Comes before the text. */
  readonly reasoning?: string | readonly string[];
  readonly refusal?: string | readonly string[];
  /** Come after the text. Without an `id` they are numbered: `call_1`, `call_2`. `invalidInput` is sent as it is, for arguments that are not JSON. */
  readonly toolCalls?: readonly ScriptedToolCall[];
  /** A structured answer: its JSON becomes the text. */
  readonly object?: Json;
  /** Parts in an order of your own, instead of the shorthands above. */
  readonly content?: readonly AssistantPart[];
  /** Characters of each delta, of text and of tool arguments. `Infinity`: one delta. @default one delta for each word */
  readonly chunkSize?: number;
  /** @default 'tool-calls' with tool calls, 'refusal' with a refusal, else 'stop' */
  readonly finishReason?: FinishReason;
  /** `null`: the provider does not say. @default 10 tokens in, 5 out */
  readonly usage?: Usage | null;
  /** @default `reply_1`, `reply_2` … */
  readonly id?: string;
  /** The model that says it answered. @default the one asked for */
  readonly model?: string;
  /** What happens after the content. @default 'finish' */
  readonly ending?: Ending;
  /** Milliseconds before every delta but the first. @default 0 */
  readonly chunkDelayMs?: number;
  /** Settings the provider says it cannot take as asked. Only `mockProvider` gives them. @default none */
  readonly warnings?: readonly Warning[];
}

export type ScriptedToolCall = Pick<ToolCallPart, 'name'> & Partial<Omit<ToolCallPart, 'type' | 'name'>>;

/**
 * - `finish`: usage, finish reason, terminal marker.
 * - `cut`: the answer ends where the content ends, quietly, without its terminal marker.
 * - `hang`: nothing more comes until the caller gives up.
 * - an error: the provider reports it inside the answer, after its 200.
 */
export type Ending = 'finish' | 'cut' | 'hang' | ErrorReply;

/** A failure, by the code the caller should see. */
export interface ErrorReply extends Timing {
  readonly error: ProviderCode;
  /** HTTP status. @default what providers use for this code */
  readonly status?: number;
  /** Milliseconds. */
  readonly retryAfterMs?: number;
  /** The provider's own words. */
  readonly message?: string;
  /** Only `mockProvider` is told this; behind `fakeServer` it is the adapter's to find out. @default by code: 'refused' when there is a status, else 'not_sent' for connections that failed, else 'possibly_billed' */
  readonly certainty?: Certainty;
  /** Only `mockProvider`. @default by code */
  readonly retryable?: boolean;
}

/** An answer to `embed`: the vectors, or how long to make them. Made ones depend on nothing but the text, so equal texts are equally near. */
export interface EmbedReply extends Timing {
  readonly embeddings: readonly (readonly number[])[] | { readonly dimensions: number };
  readonly usage?: Usage | null;
  readonly model?: string;
}

/** What every reply may say. */
export interface Timing {
  /** Milliseconds before the answer's head. `Infinity`: it never comes. @default 0 */
  readonly delayMs?: number;
  /** Goes on as if nobody had aborted. @default false */
  readonly ignoreAbort?: boolean;
  /** Headers of the answer, lower case. @default none beside the usual */
  readonly headers?: Readonly<Record<string, string>>;
}

/** @internal */
export function isError(reply: object): reply is ErrorReply {
  return 'error' in reply;
}

/** @internal */
export function isEmbedding(reply: object): reply is EmbedReply {
  return 'embeddings' in reply;
}

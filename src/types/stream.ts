import type { ChatResponse } from './chat.js';
import type { Json, ProviderData } from './json.js';
import type { AssistantPart, Citation } from './message.js';
import type { CallReport } from './report.js';

/**
 * Deltas of one kind make one part until `part-end` or a delta of another kind.
 * Folding them gives exactly `end.response.content`.
 */
export type ChatDelta =
  | { readonly type: 'start'; readonly id: string; readonly provider: string; readonly model: string }
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  | { readonly type: 'refusal-delta'; readonly text: string }
  | {
      /** Closes the open text, reasoning or refusal part; brings its signature, id, citations. */
      readonly type: 'part-end';
      readonly providerData?: ProviderData;
      readonly citations?: readonly Citation[];
      readonly redacted?: boolean;
    }
  | { readonly type: 'tool-call-start'; readonly id: string; readonly name: string }
  | { readonly type: 'tool-call-delta'; readonly id: string; readonly json: string }
  | { readonly type: 'tool-call-end'; readonly id: string; readonly providerData?: ProviderData }
  /** A whole part that never streams: an image, audio, an opaque item. */
  | { readonly type: 'part'; readonly part: AssistantPart };

export interface EndEvent<R> {
  readonly type: 'end';
  readonly response: R;
}

export type StreamEvent = ChatDelta | EndEvent<ChatResponse>;

/** Lazy: nothing is sent until it is read or opened. Single reader. Leaving the loop early aborts the request. */
export interface ChatStream extends AsyncIterable<StreamEvent> {
  /** Resolves when the first content is ready for the reader, past every transform, with the report so far; rejects with what reading would have thrown. */
  open(): Promise<CallReport>;
  /** Drains what is left and resolves with the whole response. */
  response(): Promise<ChatResponse>;
  /** Just the text. */
  text(): AsyncIterable<string>;
  /**
   * The structured answer as it grows, not yet validated: an object or array without the numbers, literals and names that are
   * still being written, strings as far as they have come. Each value is one of its own. Gives nothing when the text is no JSON;
   * the validated `object` is in `response()`.
   */
  objects(): AsyncIterable<Json>;
  /** Aborts, read or not. Safe to repeat. */
  cancel(): Promise<void>;
}

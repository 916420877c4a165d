import type { ChatRequest, ChatResponse } from '../types/chat.js';
import type { EmbedRequest, EmbedResponse } from '../types/embed.js';
import { localKey } from './locals.js';

/** A call as a redactor left it: what may be written down. */
export interface SafeView {
  /** As it went on to the provider. */
  readonly request: ChatRequest | EmbedRequest;
  /** The answer before its placeholders were replaced, or as much of it as had come when the call ended badly. */
  readonly response?: ChatResponse | EmbedResponse;
}

/**
 * Set by a redactor when it has read the request, and again when the answer has ended: before the observers outside it are
 * told. Undefined without a redactor: then nothing of the content is known to be safe.
 */
export const safeViewKey = localKey<SafeView | undefined>('safe-view', () => undefined);

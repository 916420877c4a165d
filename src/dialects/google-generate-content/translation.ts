import type { RequestContext } from '../dialect.js';

/** What every step of translating a request needs to know. */
export interface Translation extends RequestContext {
  /** Whether the model follows the rules of Gemini 3 and later. */
  readonly thirdGeneration: boolean;
}

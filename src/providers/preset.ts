import type { ChatQuirks } from '../dialects/openai-chat/quirks.js';

/** A server known to speak OpenAI's chat protocol: where it is, how it takes its key, and where it differs. */
export interface Preset {
  /** Absent where every customer has a URL of their own. */
  readonly baseUrl?: string;
  /** Environment variables that may hold the key. */
  readonly variables: readonly string[];
  /** False for servers of one's own that ask for no key. @default true */
  readonly keyRequired?: false;
  /** The header that carries the key. @default 'authorization', as a bearer token */
  readonly auth?: 'api-key';
  readonly quirks: Partial<ChatQuirks>;
  /** Inputs of one embeddings request. `none`: no embeddings endpoint. @default 2048 */
  readonly embeddings?: number | 'none';
}

// Where a server documents no such field, what a request asks for is dropped with a warning rather than ignored there.
export const TEXT_ONLY = { files: 'none', media: [], toolCallIds: 'any' } as const satisfies Partial<ChatQuirks>;
export const WITH_IMAGES = { ...TEXT_ONLY, media: ['image'] } as const satisfies Partial<ChatQuirks>;
/** Servers that name no limit. */
export const ANY_NUMBER = Number.POSITIVE_INFINITY;

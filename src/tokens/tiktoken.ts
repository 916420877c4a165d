import { ConfigError } from '../errors.js';
import type { ChatRequest } from '../types/chat.js';
import type { Message } from '../types/message.js';
import { countMessage, countRequest } from './count-request.js';
import { encodingOf, type Encoding } from './encodings.js';
import { createExactCounter, type ExactCounter } from './exact-counter.js';
import { endOfCl100kPiece, endOfO200kPiece } from './pieces.js';
import { createVocabulary } from './vocabulary.js';

export type { Encoding } from './encodings.js';

export type TokenCounterOptions =
  /** A model of OpenAI, with or without `openai/` before it. */
  | { readonly model: string; readonly encoding?: never }
  /** For a model whose name says nothing, such as a deployment of yours. */
  | { readonly encoding: Encoding; readonly model?: never };

/** Counts as OpenAI's tokenizer does. Nothing here throws, whatever the text, and all of it is synchronous. */
export interface TokenCounter {
  readonly encoding: Encoding;
  /** Tokens in a text. What looks like a special token (`<|endoftext|>`) is plain text; half a character counts as U+FFFD. */
  count(text: string): number;
  /** The ids of those tokens. */
  encode(text: string): number[];
  /** A message with its role and what goes around it. */
  countMessage(message: Message): number;
  /** A whole request, by the overheads that OpenAI documents. The same as is billed for texts; close for tools; by formula for media. */
  countRequest(request: Pick<ChatRequest, 'messages' | 'tools' | 'output'>): number;
}

/**
 * An exact counter for models of OpenAI. Loads the vocabulary with the first call for its encoding, once for the process:
 * some 5 MB, and about a tenth of a second. Throws ConfigError for a model whose vocabulary is not known; for an estimate of any model
 * no counter is needed.
 *
 * @example const { count } = await createTokenCounter({ model: 'openai/gpt-5-mini' });
 */
export async function createTokenCounter(options: TokenCounterOptions): Promise<TokenCounter> {
  const encoding = readOptions(options);
  const { count, encode } = await load(encoding);
  return {
    encoding,
    count,
    encode,
    countMessage: (message) => countMessage(message, count),
    countRequest: (request) => countRequest(request, count, encoding),
  };
}

const ENCODINGS = ['o200k_base', 'cl100k_base'] as const;
const loaded = new Map<Encoding, Promise<ExactCounter>>();

function load(encoding: Encoding): Promise<ExactCounter> {
  let counter = loaded.get(encoding);
  if (counter === undefined) {
    counter = encoding === 'o200k_base' ? loadO200k() : loadCl100k();
    loaded.set(encoding, counter);
    counter.catch(() => loaded.delete(encoding)); // the next call may have more luck; this one's caller hears of it
  }
  return counter;
}

async function loadO200k(): Promise<ExactCounter> {
  const { default: ranks } = await import('js-tiktoken/ranks/o200k_base');
  return createExactCounter(createVocabulary(ranks.bpe_ranks), endOfO200kPiece);
}

async function loadCl100k(): Promise<ExactCounter> {
  const { default: ranks } = await import('js-tiktoken/ranks/cl100k_base');
  return createExactCounter(createVocabulary(ranks.bpe_ranks), endOfCl100kPiece);
}

function readOptions({ model, encoding }: TokenCounterOptions): Encoding {
  if (encoding !== undefined) {
    if (ENCODINGS.includes(encoding)) return encoding;
    throw new ConfigError(`createTokenCounter: encoding: wanted ${ENCODINGS.join(' or ')}, got ${String(encoding)}`);
  }
  const found = typeof model === 'string' ? encodingOf(model) : undefined;
  if (found === undefined) throw new ConfigError(`createTokenCounter: model: wanted a model of OpenAI such as 'gpt-5-mini', got ${String(model)}; pass encoding instead if you know which one it has`);
  return found;
}

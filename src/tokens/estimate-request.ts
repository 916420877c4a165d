import type { ChatRequest } from '../types/chat.js';
import type { EmbedRequest } from '../types/embed.js';
import type { AssistantPart, Message, UserPart } from '../types/message.js';
import { encodingOf, type Encoding } from './encodings.js';
import { estimateText, type TokenEstimate } from './estimate-text.js';
import { jsonText } from './json-text.js';
import { audioTokens, fileTokens, imageTokens, vendorOf, type Vendor } from './media-tokens.js';

/** Role and separators of one message, and the same again to open the answer: OpenAI's cookbook, 'How to count tokens with tiktoken'. Roles are a token. */
export const TOKENS_PER_MESSAGE = 3;
export const TOKENS_PER_ANSWER = 3;
const TOKENS_PER_ROLE = 1;
/** What stands around the name and the arguments of a call, or around its result. */
const TOKENS_PER_TOOL_CALL = 8;
/** Tools in a request to Claude bring a system prompt of their own: 313 to 346 tokens with the models up to 4, some 500 since (docs.claude.com, tool use, pricing; the recorded requests of docs/tokens.md). */
const CLAUDE_TOOL_PROMPT: TokenEstimate = { expected: 450, cautious: 560 };
/** With the GPT-5 models tools bring 82 tokens of their own in Chat Completions, and none in Responses. By the same recordings. */
const GPT5_TOOL_PROMPT: TokenEstimate = { expected: 0, cautious: 82 };
/** Of the tokens of a schema as JSON. OpenAI and Google rewrite it to something shorter before the model sees it; Claude sees more. By the recorded requests of docs/tokens.md. */
const SCHEMA_SHARE: Readonly<Record<Vendor, number>> = { openai: 0.75, google: 0.75, anthropic: 1.1 };

/** What a model's name decides: whose rules for media, which vocabulary. */
interface Rules {
  readonly encoding: Encoding;
  readonly vendor: Vendor;
  /** A conversation sends the same messages again and again. Kept as long as they are. */
  readonly counted: WeakMap<object, TokenEstimate>;
}

const rules = new Map<string, Rules>();

function rulesFor(model: string): Rules {
  const encoding = encodingOf(model) ?? 'o200k_base';
  const vendor = vendorOf(model);
  const name = `${encoding} ${vendor}`; // six at most
  let found = rules.get(name);
  if (found === undefined) {
    found = { encoding, vendor, counted: new WeakMap() };
    rules.set(name, found);
  }
  return found;
}

/**
 * About how many tokens a chat request sends to `model`: messages, media, tools, schema, and what goes around them. Each message
 * object is counted once as long as it lives, so a message that is changed in place keeps its first estimate. Never throws.
 */
export function estimateRequest(request: Pick<ChatRequest, 'messages' | 'tools' | 'output'>, model: string): TokenEstimate {
  const by = rulesFor(model);
  const total = new Sum(TOKENS_PER_ANSWER);
  for (const message of request.messages) total.add(once(by, message, messageTokens));
  if (request.tools !== undefined && request.tools.length > 0) {
    total.add(once(by, request.tools, schemaTokens));
    if (by.vendor === 'anthropic') total.add(CLAUDE_TOOL_PROMPT);
    else if (/gpt-5/i.test(model)) total.add(GPT5_TOOL_PROMPT);
  }
  if (request.output?.schema !== undefined) total.add(once(by, request.output.schema, schemaTokens));
  return total;
}

/** About how many tokens the parts of an answer are. `reasoning` is a part of `expected`. */
export function estimateContent(content: readonly AssistantPart[], model: string): TokenEstimate & { readonly reasoning: number } {
  const by = rulesFor(model);
  const total = new Sum(0);
  let reasoning = 0;
  for (const part of content) {
    const tokens = partTokens(part, by);
    total.add(tokens);
    if (part.type === 'reasoning') reasoning += tokens.expected;
  }
  return { expected: total.expected, cautious: total.cautious, reasoning };
}

export function estimateEmbedding(request: Pick<EmbedRequest, 'input'>, model: string): TokenEstimate {
  const { encoding } = rulesFor(model);
  const total = new Sum(0);
  for (const text of request.input) total.add(estimateText(text, encoding));
  return total;
}

class Sum implements TokenEstimate {
  expected: number;
  cautious: number;

  constructor(tokens: number) {
    this.expected = tokens;
    this.cautious = tokens;
  }

  add({ expected, cautious }: TokenEstimate): void {
    this.expected += expected;
    this.cautious += cautious;
  }
}

function once<T extends object>(by: Rules, value: T, measure: (value: T, by: Rules) => TokenEstimate): TokenEstimate {
  let tokens = by.counted.get(value);
  if (tokens === undefined) {
    tokens = measure(value, by);
    by.counted.set(value, tokens);
  }
  return tokens;
}

function messageTokens(message: Message, by: Rules): TokenEstimate {
  const total = new Sum(TOKENS_PER_MESSAGE + TOKENS_PER_ROLE + (message.role === 'tool' ? TOKENS_PER_TOOL_CALL : 0));
  if (typeof message.content === 'string') total.add(estimateText(message.content, by.encoding));
  else for (const part of message.content) total.add(partTokens(part, by));
  return total;
}

function schemaTokens(value: unknown, by: Rules): TokenEstimate {
  const { expected, cautious } = estimateText(jsonText(value), by.encoding);
  return { expected: Math.ceil(expected * SCHEMA_SHARE[by.vendor]), cautious };
}

function partTokens(part: AssistantPart | UserPart, by: Rules): TokenEstimate {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return estimateText(part.text, by.encoding);
    case 'tool-call': {
      const total = new Sum(TOKENS_PER_TOOL_CALL);
      total.add(estimateText(part.name, by.encoding));
      total.add(estimateText(part.invalidInput ?? jsonText(part.input), by.encoding));
      return total;
    }
    case 'image':
      return imageTokens(part, by.vendor);
    case 'audio':
      return audioTokens(part, by.vendor);
    case 'file':
      return fileTokens(part, by.vendor);
    case 'opaque':
      return estimateText(jsonText(part.data), by.encoding);
    default:
      return part satisfies never;
  }
}

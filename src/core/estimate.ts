import type { ChatRequest } from '../types/chat.js';
import type { EmbedRequest } from '../types/embed.js';
import type { AssistantPart, Message } from '../types/message.js';
import type { Usage } from '../types/usage.js';
import type { Call } from './call.js';

// Rough on purpose: a stand-in for counts that a provider did not send, always marked `estimated`.
/** English and code run at about four characters a token in the current tokenizers (OpenAI's help page on tokens says so); other scripts at one or fewer. */
const CHARACTERS_PER_TOKEN = 4;
/** Role and separators of one message, as OpenAI's cookbook counts them for chat models (3 each, and 3 to prime the answer). */
const TOKENS_PER_MESSAGE = 3;
/** A picture whose size nobody looked at: one 1024 × 1024 tile set, 765 tokens, in OpenAI's pricing of high detail. */
const TOKENS_PER_MEDIA = 765;

/** A rough count of an answer for which the provider gave none. */
export function estimateUsage(request: ChatRequest, content: readonly AssistantPart[]): Usage {
  let input = TOKENS_PER_MESSAGE;
  for (const message of request.messages) input += TOKENS_PER_MESSAGE + messageTokens(message);
  if (request.tools !== undefined) input += textTokens(JSON.stringify(request.tools));
  if (request.output?.schema !== undefined) input += textTokens(JSON.stringify(request.output.schema));
  let output = 0;
  let reasoning = 0;
  for (const part of content) {
    const tokens = partTokens(part);
    output += tokens;
    if (part.type === 'reasoning') reasoning += tokens;
  }
  return { inputTokens: input, outputTokens: output, ...(reasoning > 0 && { reasoningTokens: reasoning }), estimated: true };
}

/** What a request alone comes to, for an attempt of which nothing is known but that it was sent. */
export function estimateAsked(call: Call): Usage {
  return call.operation === 'chat' ? estimateUsage(call.request, []) : estimateEmbedUsage(call.request);
}

export function estimateEmbedUsage(request: EmbedRequest): Usage {
  let input = 0;
  for (const text of request.input) input += textTokens(text);
  return { inputTokens: input, outputTokens: 0, estimated: true };
}

function messageTokens(message: Message): number {
  if (typeof message.content === 'string') return textTokens(message.content);
  let tokens = 0;
  for (const part of message.content) tokens += part.type === 'file' ? TOKENS_PER_MEDIA : partTokens(part);
  return tokens;
}

function partTokens(part: AssistantPart): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return textTokens(part.text);
    case 'tool-call':
      return textTokens(part.name) + textTokens(part.invalidInput ?? JSON.stringify(part.input)) + TOKENS_PER_MESSAGE;
    case 'image':
    case 'audio':
      return TOKENS_PER_MEDIA;
    case 'opaque':
      return textTokens(JSON.stringify(part.data));
    default:
      return part satisfies never;
  }
}

function textTokens(text: string): number {
  let wide = 0;
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x24f) wide++;
  return wide + Math.ceil((text.length - wide) / CHARACTERS_PER_TOKEN);
}

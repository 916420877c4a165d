import type { ChatRequest } from '../types/chat.js';
import type { AssistantPart, Message, UserPart } from '../types/message.js';
import type { Encoding } from './encodings.js';
import { TOKENS_PER_ANSWER, TOKENS_PER_MESSAGE } from './estimate-request.js';
import { jsonText } from './json-text.js';
import { audioTokens, fileTokens, imageTokens } from './media-tokens.js';
import { CL100K_TOOLS, countTools, O200K_TOOLS } from './openai-tools.js';

/** A message as OpenAI's models see it: three tokens around it, its role, its content. */
export function countMessage(message: Message, count: (text: string) => number): number {
  let tokens = TOKENS_PER_MESSAGE + count(message.role);
  if (typeof message.content === 'string') return tokens + count(message.content);
  for (const part of message.content) tokens += countPart(part, count);
  return tokens;
}

/** Messages, tools, schema, and three tokens that open the answer. */
export function countRequest(request: Pick<ChatRequest, 'messages' | 'tools' | 'output'>, count: (text: string) => number, encoding: Encoding): number {
  let tokens = TOKENS_PER_ANSWER;
  for (const message of request.messages) tokens += countMessage(message, count);
  if (request.tools !== undefined) tokens += countTools(request.tools, count, encoding === 'o200k_base' ? O200K_TOOLS : CL100K_TOOLS);
  if (request.output?.schema !== undefined) tokens += count(jsonText(request.output.schema));
  return tokens;
}

function countPart(part: AssistantPart | UserPart, count: (text: string) => number): number {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      return count(part.text);
    case 'tool-call':
      return TOKENS_PER_MESSAGE + count(part.name) + count(part.invalidInput ?? jsonText(part.input));
    case 'image':
      return imageTokens(part, 'openai').expected;
    case 'audio':
      return audioTokens(part, 'openai').expected;
    case 'file':
      return fileTokens(part, 'openai').expected;
    case 'opaque':
      return count(jsonText(part.data));
    default:
      return part satisfies never;
  }
}

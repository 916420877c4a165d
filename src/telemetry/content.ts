import type { SafeView } from '../core/safe-view.js';
import { safeViewKey } from '../core/safe-view.js';
import type { Call } from '../core/call.js';
import type { OperationName, ResponseOf } from '../core/operation.js';
import { shortened } from '../observing/plain-text.js';
import type { ChatRequest, ChatResponse } from '../types/chat.js';
import type { Json } from '../types/json.js';
import type { AssistantPart, Message, UserPart } from '../types/message.js';
import { finishReason } from './attributes.js';
import type { Settings } from './settings.js';

/** What was asked and answered, in the form of the conventions' JSON Schemas. */
export interface Content {
  readonly inputMessages?: Json;
  readonly outputMessages?: Json;
  readonly toolDefinitions?: Json;
  readonly stopSequences?: readonly string[];
}

/** What of a chat may be written down, by `content`. Embeddings have no place for it in the conventions. */
export function contentOf(call: Call, response: ResponseOf<OperationName> | undefined, { content, maxContentLength }: Settings): Content {
  if (content === 'off' || call.operation !== 'chat') return {};
  const view: SafeView | undefined = call.locals.get(safeViewKey) ?? (content === 'unredacted' ? { request: call.request, ...(response !== undefined && { response }) } : undefined);
  if (view === undefined || !('messages' in view.request)) return {};
  const { request } = view;
  return {
    inputMessages: inputMessages(request, budgetOf(maxContentLength)),
    ...(view.response !== undefined && 'content' in view.response && { outputMessages: outputMessages(view.response, budgetOf(maxContentLength)) }),
    ...(request.tools !== undefined && { toolDefinitions: toolDefinitions(request.tools) }),
    ...(request.stop !== undefined && { stopSequences: request.stop.map((stop) => shortened(stop, MAX_NAME)) }),
  };
}

const MAX_NAME = 200;

/** Characters that may still be written. */
interface Budget {
  left: number;
}

function budgetOf(characters: number): Budget {
  return { left: characters };
}

function cut(text: string, budget: Budget): string {
  const kept = shortened(text, budget.left);
  budget.left -= kept.length;
  return kept;
}

/** From the newest back, so that what is cut off is the oldest. */
function inputMessages({ messages }: ChatRequest, budget: Budget): Json {
  const written: Json[] = [];
  for (let at = messages.length - 1; at >= 0 && budget.left > 0; at--) written.push(inputMessage(messages[at] as Message, budget)); // `at` is in range
  return written.toReversed();
}

function inputMessage(message: Message, budget: Budget): Json {
  if (message.role === 'tool') {
    const { content } = message;
    const response = typeof content === 'string' ? cut(content, budget) : content.map((part) => partOf(part, budget));
    return { role: 'tool', parts: [{ type: 'tool_call_response', id: shortened(message.toolCallId, MAX_NAME), response }] };
  }
  return { role: message.role, parts: typeof message.content === 'string' ? [{ type: 'text', content: cut(message.content, budget) }] : message.content.map((part) => partOf(part, budget)) };
}

function outputMessages(response: ChatResponse, budget: Budget): Json {
  return [{ role: 'assistant', parts: response.content.map((part) => partOf(part, budget)), finish_reason: finishReason(response.finishReason) }];
}

function partOf(part: AssistantPart | UserPart, budget: Budget): Json {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return { type: part.type, content: cut(part.text, budget) };
    case 'tool-call':
      return { type: 'tool_call', id: shortened(part.id, MAX_NAME), name: shortened(part.name, MAX_NAME), arguments: argumentsOf(part.invalidInput ?? part.input, budget) };
    case 'image':
    case 'audio':
    case 'file':
      return mediaOf(part);
    case 'opaque':
      return { type: 'opaque', provider: shortened(part.provider, MAX_NAME), kind: shortened(part.kind, MAX_NAME) }; // only its provider can read it
    default:
      return part satisfies never;
  }
}

function argumentsOf(input: Json, budget: Budget): Json {
  const text = JSON.stringify(input);
  if (text.length > budget.left) return cut(text, budget);
  budget.left -= text.length;
  return input;
}

/** That there was a picture, and where it is. Not the picture: it is large, and nobody has looked for personal data in it. Not the query of its address: it may be a key. */
function mediaOf(part: Exclude<UserPart, { readonly type: 'text' }>): Json {
  const modality = part.type === 'file' ? 'document' : part.type;
  const type = part.mediaType === undefined ? {} : { mime_type: shortened(part.mediaType, MAX_NAME) };
  if (typeof part.data === 'string' && /^https?:/i.test(part.data) && URL.canParse(part.data)) {
    const { protocol, host, pathname } = new URL(part.data);
    return { type: 'uri', modality, ...type, uri: shortened(`${protocol}//${host}${pathname}`, 2000) };
  }
  return { type: 'media_left_out', modality, ...type, size: part.data.length };
}

/** Names only, as the conventions recommend. */
function toolDefinitions(tools: NonNullable<ChatRequest['tools']>): Json {
  return tools.map((tool) => {
    if (!('definition' in tool)) return { type: 'function', name: shortened(tool.name, MAX_NAME) };
    const { type, name } = tool.definition;
    const kind = typeof type === 'string' ? type : 'provider';
    return { type: shortened(kind, MAX_NAME), name: shortened(typeof name === 'string' ? name : kind, MAX_NAME) };
  });
}

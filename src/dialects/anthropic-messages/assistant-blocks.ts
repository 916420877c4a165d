import type { Json, JsonObject } from '../../types/json.js';
import type { AssistantPart, ReasoningPart, ToolCallPart } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import type { ToolIds } from './tool-ids.js';
import { toTextBlock } from './user-blocks.js';
import { dataOf, DIALECT, isObject } from './wire.js';

/** What the assistant said, as blocks in the same order: the API checks thinking against what follows it. */
export function toAssistantBlocks(parts: readonly AssistantPart[], path: string, ids: ToolIds, context: RequestContext): readonly JsonObject[] {
  const blocks: JsonObject[] = [];
  parts.forEach((part, index) => {
    const block = toAssistantBlock(part, `${path}.content[${index}]`, ids, context);
    if (block !== undefined) blocks.push(block);
  });
  return blocks;
}

function toAssistantBlock(part: AssistantPart, path: string, ids: ToolIds, context: RequestContext): JsonObject | undefined {
  switch (part.type) {
    case 'text':
      return withoutFileIds(toTextBlock(part, context));
    case 'refusal':
      context.warn({ kind: 'approximated', setting: path, detail: `a refusal goes to ${context.provider} as plain text` });
      return toTextBlock({ type: 'text', text: part.text }, context);
    case 'reasoning':
      return toThinking(part, path, context);
    case 'tool-call':
      return toToolUse(part, path, ids, context);
    case 'image':
    case 'audio':
      context.warn({ kind: 'dropped', setting: path, detail: `${context.provider} takes no ${part.type} in what the assistant said` });
      return undefined;
    case 'opaque':
      if ((part.provider === context.vendor || part.provider === DIALECT) && isObject(part.data)) return toOpaque(part.data as JsonObject);
      context.warn({ kind: 'dropped', setting: path, detail: `only ${part.provider} can read this ${part.kind}` });
      return undefined;
    default:
      return part satisfies never;
  }
}

/** Thinking is signed: without its signature, or with another vendor's, the API refuses the whole request. */
function toThinking(part: ReasoningPart, path: string, context: RequestContext): JsonObject | undefined {
  const data = dataOf(part, context);
  if (typeof data?.['signature'] === 'string') return { ...data, type: 'thinking', thinking: part.text };
  if (typeof data?.['data'] === 'string') return { ...data, type: 'redacted_thinking' };
  context.warn({ kind: 'dropped', setting: path, detail: `${context.provider} takes back only reasoning that it signed itself` });
  return undefined;
}

function toToolUse(part: ToolCallPart, path: string, ids: ToolIds, context: RequestContext): JsonObject {
  const input = inputOf(part);
  if (input === undefined) {
    context.warn({ kind: 'approximated', setting: `${path}.input`, detail: `${context.provider} takes arguments as an object only; the text was put into one` });
  }
  return {
    ...dataOf(part, context),
    type: 'tool_use',
    id: ids(part.id),
    name: part.name,
    input: input ?? invalidInput(part.invalidInput ?? JSON.stringify(part.input)),
  };
}

/** Arguments that must be an object. Unsafe keys stay: nothing here copies them onto anything. */
function inputOf({ input, invalidInput: text }: ToolCallPart): JsonObject | undefined {
  const value = text === undefined ? input : parsed(text);
  return isObject(value) ? (value as JsonObject) : value === null && text === undefined ? {} : undefined;
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The form that the API's page on fine-grained tool streaming gives for arguments that did not parse. */
function invalidInput(text: string): JsonObject {
  return { INVALID_JSON: text };
}

function toOpaque(block: JsonObject): JsonObject {
  // Arguments of a server tool that were cut in the middle of the stream.
  return typeof block['input'] === 'string' ? { ...block, input: invalidInput(block['input']) } : block;
}

/** Citations come with the id of their file, and are refused with it. */
function withoutFileIds(block: JsonObject | undefined): JsonObject | undefined {
  const citations = block?.['citations'];
  if (block === undefined || !Array.isArray(citations)) return block;
  return { ...block, citations: citations.map(withoutFileId) };
}

function withoutFileId(citation: Json): Json {
  if (!isObject(citation)) return citation;
  const { file_id: _fileId, ...rest } = citation as JsonObject;
  return rest;
}

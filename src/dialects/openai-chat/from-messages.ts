import type { JsonObject, ProviderData } from '../../types/json.js';
import type { AssistantMessage, AssistantPart, Message, TextPart, UserPart } from '../../types/message.js';
import { MESSAGE_MEMBERS, readAnnotations, readContentItem } from './answer-parts.js';
import { checkedList, checkedName, checkedObject, checkedString, optional, refuse } from '../checked.js';
import { cacheMarks, readTextContent, readUserContent } from './from-parts.js';
import { readReasoning } from './response.js';
import { readToolCalls } from './tool-calls.js';
import { asJson, DIALECT, isObject, otherMembers, type WireObject } from './wire.js';

/** Reads a client's messages. The older `function_call` and role `function` become tool calls and results. */
export function readMessages(value: unknown): readonly Message[] {
  const wire = checkedList(value, 'messages');
  if (wire.length === 0) refuse('messages', 'at least one message', wire);
  /** Ids given to the older kind of calls, by the function's name: a result names nothing else. */
  const legacyIds = new Map<string, string>();
  return wire.map((item, index) => readMessage(checkedObject(item, `messages[${index}]`), `messages[${index}]`, legacyIds));
}

function readMessage(wire: WireObject, field: string, legacyIds: Map<string, string>): Message {
  switch (wire['role']) {
    case 'system':
    case 'developer':
      return { role: 'system', content: withMembers(readTextContent(wire['content'], `${field}.content`), wire) };
    case 'user':
      return { role: 'user', content: withMembers(readUserContent(wire['content'], `${field}.content`), wire) };
    case 'assistant':
      return readAssistant(wire, field, legacyIds);
    case 'tool': {
      const toolCallId = checkedName(wire['tool_call_id'], `${field}.tool_call_id`);
      return { role: 'tool', toolCallId, content: withMembers(readUserContent(wire['content'] ?? '', `${field}.content`), wire) };
    }
    case 'function': {
      const name = checkedName(wire['name'], `${field}.name`);
      const toolCallId = legacyIds.get(name) ?? refuse(`${field}.name`, 'the name of a function that was called before', name);
      return { role: 'tool', toolCallId, content: readTextContent(wire['content'] ?? '', `${field}.content`) };
    }
    default:
      return refuse(`${field}.role`, 'system, developer, user, assistant, tool or function', wire['role']);
  }
}

/** What a message says beside its content (`name`) rides on its first part. */
function withMembers<P extends UserPart>(content: string | readonly P[], wire: WireObject): string | readonly (P | TextPart)[] {
  const message = otherMembers(wire, READ);
  if (message === undefined) return content;
  const [first, ...rest]: readonly (P | TextPart)[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  return first === undefined ? content : [{ ...first, providerData: { ...first.providerData, [DIALECT]: { ...first.providerData?.[DIALECT], message } } }, ...rest];
}

const READ: ReadonlySet<string> = new Set([
  'role', 'content', 'tool_call_id', 'tool_calls', 'function_call', 'refusal', 'reasoning', 'reasoning_content', 'reasoning_details', 'annotations',
]);

function readAssistant(wire: WireObject, field: string, legacyIds: Map<string, string>): AssistantMessage {
  checkCalls(wire, field);
  const calls = readToolCalls(wire, field, DIALECT);
  if (isObject(wire['function_call'])) {
    const legacy = calls.at(-1);
    if (legacy !== undefined) legacyIds.set(legacy.name, legacy.id);
  }
  const refusal = optional(wire['refusal'], `${field}.refusal`, checkedString);
  const others = otherMembers(wire, READ);
  const reasoning = readReasoning(wire, DIALECT);
  const { content } = wire;
  const plain = reasoning.length === 0 && calls.length === 0 && !refusal && others === undefined && !isFilledList(wire['annotations']);
  if (typeof content === 'string' && plain) return { role: 'assistant', content };
  if (plain && content !== null && content !== undefined && !Array.isArray(content)) refuse(`${field}.content`, 'a string or a list', content);

  return {
    role: 'assistant',
    content: [
      ...reasoning,
      ...readAssistantContent(wire, field),
      ...(refusal ? [{ type: 'refusal' as const, text: refusal }] : []),
      ...calls,
      ...(others !== undefined ? [messageMembers(others)] : []),
    ],
  };
}

function readAssistantContent(wire: WireObject, field: string): readonly AssistantPart[] {
  const { content } = wire;
  if (content === null || content === undefined || content === '') return [];
  const items = typeof content === 'string' ? [{ type: 'text', text: content }] : checkedList(content, `${field}.content`);
  const parts: AssistantPart[] = [];
  for (const [index, value] of items.entries()) {
    const item = checkedObject(value, `${field}.content[${index}]`);
    if (item['type'] === 'text') {
      parts.push({ type: 'text', text: checkedString(item['text'], `${field}.content[${index}].text`), ...cacheMarks(item) });
      continue;
    }
    const read = readContentItem(item, DIALECT);
    if (read?.type === 'part') parts.push(read.part);
    else if (read !== undefined) parts.push({ type: read.type, text: read.text });
  }
  const end = readAnnotations(wire['annotations'], {}, DIALECT);
  const last = parts.findLastIndex((part) => part.type === 'text');
  const text = parts[last];
  if (end !== undefined && text !== undefined) parts[last] = { ...text, ...end, ...mergedData(text.providerData, end.providerData) } as TextPart; // found by its type
  return parts;
}

function mergedData(first: ProviderData | undefined, second: ProviderData | undefined): { readonly providerData?: ProviderData } {
  if (first === undefined || second === undefined) return {};
  return { providerData: { ...first, [DIALECT]: { ...first[DIALECT], ...second[DIALECT] } } };
}

/** The readers of answers skip what is wrong; a client is told. */
function checkCalls(wire: WireObject, field: string): void {
  for (const [index, value] of (optional(wire['tool_calls'], `${field}.tool_calls`, checkedList) ?? []).entries()) {
    const path = `${field}.tool_calls[${index}]`;
    const call = checkedObject(value, path);
    checkedName(call['id'], `${path}.id`);
    const kind = call['type'] === 'custom' ? 'custom' : 'function';
    checkedName(checkedObject(call[kind], `${path}.${kind}`)['name'], `${path}.${kind}.name`);
  }
  const legacy = optional(wire['function_call'], `${field}.function_call`, checkedObject);
  if (legacy !== undefined) checkedName(legacy['name'], `${field}.function_call.name`);
}

function messageMembers(data: JsonObject): AssistantPart {
  return { type: 'opaque', provider: DIALECT, kind: MESSAGE_MEMBERS, data: asJson(data) };
}

function isFilledList(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0;
}

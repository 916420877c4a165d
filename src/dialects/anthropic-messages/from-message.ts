import { readMedia } from '../../message/media.js';
import type { JsonObject } from '../../types/json.js';
import type { AssistantMessage, FilePart, ImagePart, Message, TextPart, ToolMessage, UserPart } from '../../types/message.js';
import { partsOf } from './parts.js';
import { checkedBoolean, checkedList, checkedObject, checkedString, optional, refusal } from '../checked.js';
import { dataField, DIALECT, extrasOf, isObject, jsonOf, listOf, textOf, type Wire } from './wire.js';

const TEXT: ReadonlySet<string> = new Set(['type', 'text']);
const IMAGE: ReadonlySet<string> = new Set(['type', 'source']);
const DOCUMENT: ReadonlySet<string> = new Set(['type', 'source', 'title']);

/** One message of the wire. Results of tools become messages of their own, before whatever else the turn says. */
export function fromMessage(value: unknown, field: string): readonly Message[] {
  const message = checkedObject(value, field);
  const { role, content } = message;
  switch (role) {
    case 'user':
      return fromUser(content, `${field}.content`);
    case 'assistant':
      return [{ role, content: fromAssistant(content, `${field}.content`) }];
    case 'system':
      return [{ role, content: fromSystem(content, `${field}.content`) }];
    default:
      throw refusal(`${field}.role`, "must be 'user', 'assistant' or 'system'");
  }
}

/** Instructions: a text, or text blocks. */
export function fromSystem(content: unknown, field: string): string | readonly TextPart[] {
  if (typeof content === 'string') return content;
  return blocksAt(content, field).map((block, index) => fromText(block, `${field}[${index}]`));
}

function fromUser(content: unknown, field: string): readonly Message[] {
  if (typeof content === 'string') return [{ role: 'user', content }];
  const results: ToolMessage[] = [];
  const parts: UserPart[] = [];
  blocksAt(content, field).forEach((block, index) => {
    if (block['type'] === 'tool_result') results.push(fromResult(block, `${field}[${index}]`));
    else parts.push(fromUserBlock(block, `${field}[${index}]`));
  });
  return parts.length === 0 && results.length > 0 ? results : [...results, { role: 'user', content: parts }];
}

function fromResult(block: Wire, field: string): ToolMessage {
  const isError = optional(block['is_error'], `${field}.is_error`, checkedBoolean);
  return {
    role: 'tool',
    toolCallId: checkedString(block['tool_use_id'], `${field}.tool_use_id`),
    content: marked(optional(block['content'], `${field}.content`, fromResultContent) ?? '', block['cache_control']),
    ...(isError !== undefined && { isError }),
  };
}

function fromResultContent(content: unknown, field: string): string | readonly UserPart[] {
  if (typeof content === 'string') return content;
  return blocksAt(content, field).map((block, index) => fromUserBlock(block, `${field}[${index}]`));
}

/** Messages of tools carry no mark of their own, so it goes to the last part, from where the way back takes it. */
function marked(content: string | readonly UserPart[], mark: unknown): string | readonly UserPart[] {
  if (!isObject(mark)) return content;
  const parts: readonly UserPart[] = typeof content === 'string' ? [{ type: 'text', text: content }] : content;
  const last = parts.at(-1);
  if (last === undefined) return content;
  const data = { ...last.providerData?.[DIALECT], cache_control: jsonOf(mark) };
  return [...parts.slice(0, -1), { ...last, ...dataField(DIALECT, data) }];
}

function fromAssistant(content: unknown, field: string): AssistantMessage['content'] {
  if (typeof content === 'string') return content;
  blocksAt(content, field).forEach((block, index) => {
    if (block['type'] !== 'tool_use') return;
    checkedString(block['id'], `${field}[${index}].id`);
    checkedString(block['name'], `${field}[${index}].name`);
    checkedObject(block['input'], `${field}[${index}].input`);
  });
  return partsOf(content, DIALECT);
}

function fromUserBlock(block: Wire, field: string): UserPart {
  switch (block['type']) {
    case 'text':
      return fromText(block, field);
    case 'image':
      return fromImage(block, checkedObject(block['source'], `${field}.source`), field) ?? kept(block);
    case 'document':
      return fromDocument(block, checkedObject(block['source'], `${field}.source`), field) ?? kept(block);
    default:
      return kept(block);
  }
}

function fromText(block: Wire, field: string): TextPart {
  if (block['type'] !== 'text') return kept(block);
  return { type: 'text', text: checkedString(block['text'], `${field}.text`), ...dataField(DIALECT, extrasOf(block, TEXT)) };
}

function fromImage(block: Wire, source: Wire, field: string): ImagePart | undefined {
  const data = dataField(DIALECT, extrasOf(block, IMAGE));
  switch (source['type']) {
    case 'url':
      return { type: 'image', data: checkedString(source['url'], `${field}.source.url`), ...data };
    case 'base64':
      return { type: 'image', data: checkedString(source['data'], `${field}.source.data`), mediaType: checkedString(source['media_type'], `${field}.source.media_type`), ...data };
    default:
      return undefined;
  }
}

function fromDocument(block: Wire, source: Wire, field: string): FilePart | undefined {
  const name = textOf(block['title']);
  const rest = { ...(name !== undefined && { name }), ...dataField(DIALECT, extrasOf(block, DOCUMENT)) };
  switch (source['type']) {
    case 'url':
      return { type: 'file', data: checkedString(source['url'], `${field}.source.url`), mediaType: 'application/pdf', ...rest };
    case 'base64':
      return { type: 'file', data: checkedString(source['data'], `${field}.source.data`), mediaType: checkedString(source['media_type'], `${field}.source.media_type`), ...rest };
    case 'text':
      return { type: 'file', data: toBase64(checkedString(source['data'], `${field}.source.data`)), mediaType: 'text/plain', ...rest };
    default:
      return undefined;
  }
}

function toBase64(text: string): string {
  const media = readMedia(new TextEncoder().encode(text));
  return media.kind === 'base64' ? media.base64 : media.url;
}

/** A block that parts have no word for: whole for its own API, and its words for everyone else. */
function kept(block: Wire): TextPart {
  // `blocksAt` saw that it is a JSON object with a type.
  return { type: 'text', text: wordsOf(block), providerData: { [DIALECT]: { block: jsonOf(block) as JsonObject } } };
}

function wordsOf(block: Wire): string {
  const inner = listOf(block['content']).map((item) => (isObject(item) ? textOf(item['text']) : undefined)).filter((text) => text !== undefined);
  return inner.length > 0 ? inner.join('\n') : (textOf(block['tool_name']) ?? textOf(block['title']) ?? '');
}

function blocksAt(content: unknown, field: string): readonly Wire[] {
  return checkedList(content, field).map((item, index) => {
    const block = checkedObject(item, `${field}[${index}]`);
    checkedString(block['type'], `${field}[${index}].type`);
    return block;
  });
}

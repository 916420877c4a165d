import { readMedia } from '../../message/media.js';
import type { JsonObject } from '../../types/json.js';
import type { AssistantPart, Message, TextPart, UserPart } from '../../types/message.js';
import { partsOf, typeOf } from './items.js';
import { checkedList, checkedObject, checkedString, optional, refusal } from '../checked.js';
import { DIALECT, membersBut } from './wire.js';

/** Input items as messages. What the assistant said, did and thought between two turns is one message; items without a part of their own are opaque parts of it. */
export function fromInput(input: unknown, field: string): readonly Message[] {
  if (typeof input === 'string') return [{ role: 'user', content: input }];
  const messages: Message[] = [];
  let said: AssistantPart[] | undefined;
  for (const [index, value] of checkedList(input, field).entries()) {
    const path = `${field}[${index}]`;
    const item = checkedObject(value, path);
    const message = fromItem(item, path);
    if (message !== undefined) {
      messages.push(message);
      said = undefined;
      continue;
    }
    if (said === undefined) messages.push({ role: 'assistant', content: (said = []) });
    said.push(...fromAssistantItem(item, path));
  }
  return messages;
}

/** Undefined: the item is of the assistant. */
function fromItem(item: JsonObject, path: string): Message | undefined {
  switch (typeOf(item)) {
    case 'message':
      return fromMessage(item, path);
    case 'function_call_output':
    case 'custom_tool_call_output': {
      const { output } = item;
      const content = typeof output === 'string' ? output : fromContent(output, `${path}.output`);
      return { role: 'tool', toolCallId: checkedString(item['call_id'], `${path}.call_id`), content };
    }
    default:
      return undefined;
  }
}

function fromMessage(item: JsonObject, path: string): Message | undefined {
  const { role, content } = item;
  switch (role) {
    case 'assistant':
      return undefined;
    case 'user':
      return { role, content: typeof content === 'string' ? content : fromContent(content, `${path}.content`) };
    case 'system':
    case 'developer':
      return { role: 'system', content: typeof content === 'string' ? content : fromContent(content, `${path}.content`).map((part, index) => textOnly(part, `${path}.content[${index}]`)) };
    default:
      throw refusal(`${path}.role`, "must be 'user', 'assistant', 'system' or 'developer'");
  }
}

function textOnly(part: UserPart, path: string): TextPart {
  if (part.type !== 'text') throw refusal(path, 'system and developer messages hold text only');
  return part;
}

function fromAssistantItem(item: JsonObject, path: string): readonly AssistantPart[] {
  switch (typeOf(item)) {
    case 'message':
      if (typeof item['content'] !== 'string') {
        for (const [index, part] of checkedList(item['content'], `${path}.content`).entries()) checkedString(checkedObject(part, `${path}.content[${index}]`)['type'], `${path}.content[${index}].type`);
      }
      break;
    case 'function_call':
      checkedString(item['arguments'], `${path}.arguments`);
      checkedString(item['call_id'], `${path}.call_id`);
      checkedString(item['name'], `${path}.name`);
      break;
    case 'custom_tool_call':
      checkedString(item['input'], `${path}.input`);
      checkedString(item['call_id'], `${path}.call_id`);
      checkedString(item['name'], `${path}.name`);
      break;
    case 'unknown':
      throw refusal(`${path}.type`, 'must name the kind of item; a message needs a role');
    default:
  }
  return partsOf(item, DIALECT);
}

function fromContent(content: unknown, field: string): readonly UserPart[] {
  return checkedList(content, field).map((value, index) => fromPart(checkedObject(value, `${field}[${index}]`), `${field}[${index}]`));
}

function fromPart(part: JsonObject, path: string): UserPart {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: checkedString(part['text'], `${path}.text`), ...rest(part, TEXT_FIELDS) };
    case 'input_image':
      return fromImage(part, path);
    case 'input_file':
      return fromFile(part, path);
    case 'input_audio': {
      const audio = checkedObject(part['input_audio'], `${path}.input_audio`);
      return { type: 'audio', data: checkedString(audio['data'], `${path}.input_audio.data`), mediaType: `audio/${checkedString(audio['format'], `${path}.input_audio.format`)}` };
    }
    default:
      throw refusal(`${path}.type`, "must be 'input_text', 'input_image' or 'input_file'");
  }
}

function fromImage(part: JsonObject, path: string): UserPart {
  const detail = DETAILS.find((known) => known === part['detail']);
  const shared = detail === undefined ? rest(part, IMAGE_FIELDS_BUT_DETAIL) : { detail, ...rest(part, IMAGE_FIELDS) };
  // A file that the vendor stores has no data here; its id is among the shared members.
  const stored = optional(part['file_id'], `${path}.file_id`, checkedString) !== undefined;
  return { type: 'image', data: stored ? '' : checkedString(part['image_url'], `${path}.image_url`), ...shared };
}

function fromFile(part: JsonObject, path: string): UserPart {
  const name = optional(part['filename'], `${path}.filename`, checkedString);
  const shared = { ...(name !== undefined && { name }), ...rest(part, FILE_FIELDS) };
  if (optional(part['file_id'], `${path}.file_id`, checkedString) !== undefined) return { type: 'file', data: '', mediaType: PDF, ...shared };
  const link = optional(part['file_url'], `${path}.file_url`, checkedString);
  if (link !== undefined) return { type: 'file', data: link, mediaType: PDF, ...shared };
  const data = optional(part['file_data'], `${path}.file_data`, checkedString);
  if (data === undefined) throw refusal(path, 'a file needs file_data, file_url or file_id');
  const media = readMedia(data);
  return { type: 'file', data, mediaType: (media.kind === 'base64' ? media.mediaType : undefined) ?? PDF, ...shared };
}

/** What the wire does not name is a PDF: the one kind that every server with files takes. */
const PDF = 'application/pdf';

function rest(part: JsonObject, known: ReadonlySet<string>): { readonly providerData?: { readonly [DIALECT]: JsonObject } } {
  const members = membersBut(part, known);
  return members === undefined ? {} : { providerData: { [DIALECT]: members } };
}

const DETAILS = ['auto', 'low', 'high'] as const;
const TEXT_FIELDS: ReadonlySet<string> = new Set(['type', 'text', 'annotations', 'logprobs']);
const IMAGE_FIELDS_BUT_DETAIL: ReadonlySet<string> = new Set(['type', 'image_url']);
const IMAGE_FIELDS: ReadonlySet<string> = new Set([...IMAGE_FIELDS_BUT_DETAIL, 'detail']);
const FILE_FIELDS: ReadonlySet<string> = new Set(['type', 'filename', 'file_url', 'file_data']);

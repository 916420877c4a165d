import { parseToolInput, safeToolInput } from '../../message/tool-input.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { AssistantPart, Citation, ImagePart, OpaquePart, ToolCallPart } from '../../types/message.js';
import { countOf, membersBut, nameOf, objectOf, objectsOf, textOf } from './wire.js';

/** One part of an output item. `key` names its place in the item, as stream events do: `content:0`, `summary:1`. */
export interface Slot {
  readonly key: string;
  readonly part: AssistantPart;
}

/**
 * The parts of one output item. What only this vendor reads back (ids, phases, encrypted reasoning, logprobs) goes into
 * `providerData[vendor]`, and text only ever into `text`, so that a redactor sees all of it. Items without a part of their
 * own, server-side tools above all, become opaque parts that hold the item as it came.
 */
export function slotsOf(item: JsonObject, vendor: string): readonly Slot[] {
  switch (typeOf(item)) {
    case 'message':
      return messageSlots(item, vendor);
    case 'reasoning':
      return reasoningSlots(item, vendor);
    case 'function_call':
    case 'custom_tool_call':
      return [{ key: 'item', part: callPart(item, vendor) ?? opaquePart(item, vendor) }];
    case 'image_generation_call':
      return [{ key: 'item', part: imagePart(item, vendor) ?? opaquePart(item, vendor) }];
    default:
      return [{ key: 'item', part: opaquePart(item, vendor) }];
  }
}

export function partsOf(item: JsonObject, vendor: string): readonly AssistantPart[] {
  return slotsOf(item, vendor).map((slot) => slot.part);
}

/** An item's type; lax servers leave it out of messages. */
export function typeOf(item: JsonObject): string {
  return nameOf(item['type']) ?? (typeof item['role'] === 'string' ? 'message' : 'unknown');
}

/** The arguments of a call as text, whichever way they were sent. */
export function argumentsOf(item: JsonObject): string {
  const sent: Json | undefined = item['type'] === 'custom_tool_call' ? item['input'] : item['arguments'];
  return sent === undefined || sent === null ? '' : typeof sent === 'string' ? sent : JSON.stringify(sent);
}

function messageSlots(item: JsonObject, vendor: string): readonly Slot[] {
  const { content } = item;
  const contents = typeof content === 'string' ? [{ type: 'output_text', text: content }] : objectsOf(content);
  return contents.flatMap((wire, index) => {
    const part = messagePart(item, wire, vendor);
    return part === undefined ? [] : [{ key: `content:${index}`, part }];
  });
}

/** Undefined: it is empty and brings nothing else. */
function messagePart(item: JsonObject, content: JsonObject, vendor: string): AssistantPart | undefined {
  const ofItem = membersBut(item, MESSAGE_FIELDS);
  switch (content['type']) {
    case 'refusal': {
      const text = textOf(content['refusal']) ?? textOf(content['text']) ?? '';
      return text === '' && ofItem === undefined ? undefined : { type: 'refusal', text, ...(ofItem && { providerData: { [vendor]: ofItem } }) };
    }
    case 'output_text':
    case 'text':
    case 'input_text': {
      const text = textOf(content['text']) ?? '';
      const data = { ...ofItem, ...filledLists(content) };
      const citations = citationsOf(content['annotations']);
      if (text === '' && citations.length === 0 && Object.keys(data).length === 0) return undefined;
      return { type: 'text', text, ...(citations.length > 0 && { citations }), ...(Object.keys(data).length > 0 && { providerData: { [vendor]: data } }) };
    }
    default:
      return opaquePart({ ...item, content: [content] }, vendor);
  }
}

/** Annotations are kept whole: a citation has no place for file and container ids. */
function filledLists(content: JsonObject): JsonObject {
  const annotations = objectsOf(content['annotations']);
  const logprobs = objectsOf(content['logprobs']);
  return { ...(annotations.length > 0 && { annotations }), ...(logprobs.length > 0 && { logprobs }) };
}

function citationsOf(annotations: unknown): readonly Citation[] {
  return objectsOf(annotations).flatMap((annotation) => {
    const url = nameOf(annotation['url']);
    const title = nameOf(annotation['title']) ?? nameOf(annotation['filename']);
    if (url === undefined && title === undefined) return [];
    const quote = nameOf(annotation['quote']);
    const start = countOf(annotation['start_index']);
    const end = countOf(annotation['end_index']);
    return [{ ...(url !== undefined && { url }), ...(title !== undefined && { title }), ...(quote !== undefined && { quote }), ...(start !== undefined && { start }), ...(end !== undefined && { end }) }];
  });
}

function reasoningSlots(item: JsonObject, vendor: string): readonly Slot[] {
  const id = nameOf(item['id']);
  const whole = membersBut(item, REASONING_FIELDS);
  const texts = [...textsOf(item, 'summary'), ...textsOf(item, 'content')];
  if (texts.length === 0) return whole === undefined ? [] : [{ key: 'item', part: { type: 'reasoning', text: '', redacted: true, providerData: { [vendor]: whole } } }];
  return texts.map(({ field, index, text }, at) => {
    // A stream knows the rest of the item only when it ends, so the last part carries it.
    const ofItem = at === texts.length - 1 ? whole : id === undefined ? undefined : { id };
    const data = { ...ofItem, ...(field === 'content' && { field }) };
    return { key: `${field}:${index}`, part: { type: 'reasoning', text, ...(Object.keys(data).length > 0 && { providerData: { [vendor]: data } }) } };
  });
}

function textsOf(item: JsonObject, field: 'summary' | 'content'): readonly { field: typeof field; index: number; text: string }[] {
  return objectsOf(item[field]).flatMap(({ text }, index) => (typeof text === 'string' && text !== '' ? [{ field, index, text }] : []));
}

function callPart(item: JsonObject, vendor: string): ToolCallPart | undefined {
  const id = nameOf(item['call_id']) ?? nameOf(item['id']);
  const name = nameOf(item['name']);
  if (id === undefined || name === undefined) return undefined;
  const custom = item['type'] === 'custom_tool_call';
  const sent = item['arguments'];
  const input = custom ? { input: argumentsOf(item) } : typeof sent === 'object' ? safeToolInput(sent) : parseToolInput(argumentsOf(item));
  // The mark is that of openai-chat too: a vendor's two protocols read each other's calls.
  const data = { ...(custom && { type: 'custom' }), ...membersBut(item, CALL_FIELDS) };
  return { type: 'tool-call', id, name, ...input, ...(Object.keys(data).length > 0 && { providerData: { [vendor]: data } }) };
}

/** A picture that is there is an image to everyone; the rest of its item goes along so that it can be sent back as it was. */
function imagePart(item: JsonObject, vendor: string): ImagePart | undefined {
  const result = nameOf(item['result']);
  if (result === undefined) return undefined;
  const inline = !/^(?:https?|data):/i.test(result);
  const rest = membersBut(item, IMAGE_FIELDS) ?? {};
  return { type: 'image', data: result, ...(inline && { mediaType: `image/${nameOf(item['output_format']) ?? 'png'}` }), providerData: { [vendor]: rest } };
}

function opaquePart(item: JsonObject, vendor: string): OpaquePart {
  return { type: 'opaque', provider: vendor, kind: typeOf(item), data: objectOf(item) ?? {} };
}

const MESSAGE_FIELDS: ReadonlySet<string> = new Set(['type', 'role', 'status', 'content']);
const REASONING_FIELDS: ReadonlySet<string> = new Set(['type', 'status', 'summary', 'content']);
const CALL_FIELDS: ReadonlySet<string> = new Set(['type', 'status', 'call_id', 'name', 'arguments', 'input']);
const IMAGE_FIELDS: ReadonlySet<string> = new Set(['result']);

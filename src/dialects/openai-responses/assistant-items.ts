import { readMedia } from '../../message/media.js';
import { toolInputText } from '../../message/tool-input.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { AssistantPart, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import { dataFor } from '../options.js';
import { nameOf, namesOf, objectOf, objectsOf, wireCallId } from './wire.js';

/** Whether it was a call of a custom tool: free text instead of JSON arguments. */
export function isCustomCall(part: ToolCallPart, context: RequestContext): boolean {
  return dataFor(part.providerData, namesOf(context))?.['type'] === 'custom';
}

/**
 * What the assistant said, as the items it came in: parts of one id go back as one item. Reasoning of other providers,
 * and reasoning that the server could not read back, is left out with a warning.
 */
export function toAssistantItems(parts: readonly AssistantPart[], path: string, context: RequestContext, stored: boolean): readonly JsonObject[] {
  const items: JsonObject[] = [];
  const names = namesOf(context);
  const dropped = (index: number, detail: string): void => context.warn({ kind: 'dropped', setting: `${path}[${index}]`, detail });
  // The server refuses an item of its own that comes without the reasoning it followed; without its id it is nobody's.
  let withIds = true;

  for (let at = 0; at < parts.length; ) {
    const part = parts[at] as AssistantPart; // in bounds by the loop
    const from = at++;
    switch (part.type) {
      case 'text':
      case 'refusal': {
        const group = [part];
        for (let next = parts[at]; isSaid(next) && sameItem(next, part, names); next = parts[++at]) group.push(next);
        items.push(toMessage(group, names, withIds));
        break;
      }
      case 'reasoning': {
        const group = [part];
        for (let next = parts[at]; next?.type === 'reasoning' && idOf(part, names) !== undefined && sameItem(next, part, names); next = parts[++at]) group.push(next);
        const item = toReasoning(group, names, stored);
        if (item !== undefined) items.push(item);
        else {
          withIds &&= idOf(part, names) === undefined;
          dropped(from, `${context.provider} can read back only its own reasoning, and without a stored response only where it came encrypted`);
        }
        break;
      }
      case 'tool-call':
        items.push(toCall(part, names, withIds, isCustomCall(part, context)));
        break;
      case 'image': {
        const data = dataFor(part.providerData, names);
        if (data?.['type'] !== 'image_generation_call') {
          dropped(from, `${context.provider} takes only images of the user, and those it made itself`);
          break;
        }
        const media = readMedia(part.data);
        items.push({ ...data, result: typeof part.data === 'string' ? part.data : media.kind === 'base64' ? media.base64 : media.url });
        break;
      }
      case 'opaque': {
        const item = names.includes(part.provider) ? objectOf(part.data) : undefined;
        // A vendor has other protocols too; an item of this one has a type.
        if (nameOf(item?.['type']) === undefined || item === undefined) dropped(from, `only ${part.provider} can read this ${part.kind}`);
        else items.push(item);
        break;
      }
      case 'audio':
        dropped(from, `${context.provider} takes no audio in its Responses API`);
        break;
      default:
        part satisfies never;
    }
  }
  return items;
}

function isSaid(part: AssistantPart | undefined): part is TextPart | RefusalPart {
  return part?.type === 'text' || part?.type === 'refusal';
}

function idOf(part: AssistantPart, names: readonly string[]): string | undefined {
  return nameOf(dataFor(part.providerData, names)?.['id']);
}

function sameItem(one: AssistantPart, other: AssistantPart, names: readonly string[]): boolean {
  const [left, right] = [dataFor(one.providerData, names), dataFor(other.providerData, names)];
  return left?.['id'] === right?.['id'] && left?.['phase'] === right?.['phase'];
}

function toMessage(parts: readonly (TextPart | RefusalPart)[], names: readonly string[], withIds: boolean): JsonObject {
  const { annotations: _annotations, logprobs: _logprobs, id, ...rest } = dataFor(parts[0]?.providerData, names) ?? {};
  if (nameOf(id) !== undefined && withIds) {
    return { type: 'message', id: id as Json, role: 'assistant', status: 'completed', ...rest, content: parts.map((part) => toOutput(part, names)) };
  }
  const [only] = parts;
  const phase = nameOf(rest['phase']);
  const ofItem = phase === undefined ? {} : { phase };
  if (parts.length === 1 && only?.type === 'text') return { role: 'assistant', ...ofItem, content: only.text };
  return { role: 'assistant', ...ofItem, content: parts.map((part) => (part.type === 'text' ? { type: 'output_text', text: part.text } : toOutput(part, names))) };
}

function toOutput(part: TextPart | RefusalPart, names: readonly string[]): JsonObject {
  if (part.type === 'refusal') return { type: 'refusal', refusal: part.text };
  const data = dataFor(part.providerData, names);
  return { type: 'output_text', text: part.text, annotations: objectsOf(data?.['annotations']), logprobs: objectsOf(data?.['logprobs']) };
}

/** Undefined: the server has nothing to read it back with. */
function toReasoning(parts: readonly ReasoningPart[], names: readonly string[], stored: boolean): JsonObject | undefined {
  // The last part carries what belongs to the item as a whole.
  const { field: _field, ...ofItem } = dataFor(parts.at(-1)?.providerData, names) ?? {};
  if (nameOf(ofItem['id']) === undefined) return undefined;
  const inContent = (part: ReasoningPart): boolean => dataFor(part.providerData, names)?.['field'] === 'content';
  const content = parts.filter((part) => part.text !== '' && inContent(part));
  const summary = parts.filter((part) => part.text !== '' && !inContent(part));
  if (!stored && nameOf(ofItem['encrypted_content']) === undefined && content.length === 0) return undefined;
  return {
    type: 'reasoning',
    ...ofItem,
    summary: summary.map(({ text }) => ({ type: 'summary_text', text })),
    ...(content.length > 0 && { content: content.map(({ text }) => ({ type: 'reasoning_text', text })) }),
  };
}

function toCall(part: ToolCallPart, names: readonly string[], withIds: boolean, custom: boolean): JsonObject {
  const { type: _type, id, ...rest } = dataFor(part.providerData, names) ?? {};
  const ofItem = { ...rest, ...(withIds && id !== undefined && { id }) };
  const text = custom && typeof part.input === 'string' ? part.input : toolInputText(part);
  return { type: custom ? 'custom_tool_call' : 'function_call', ...ofItem, call_id: wireCallId(part.id), name: part.name, [custom ? 'input' : 'arguments']: text };
}

import { toolInputText } from '../../message/tool-input.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { AssistantMessage, AssistantPart, AudioPart, OpaquePart, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from '../../types/message.js';
import { dataFor } from '../options.js';
import { CONTENT_ITEM, MESSAGE_MEMBERS } from './answer-parts.js';
import { joinDetails } from './reasoning-details.js';
import { wireCallId } from './tool-call-id.js';
import { dropped, textContent, textItem, type Outgoing } from './user-parts.js';
import { asJson, isJsonObject, listOf, objectOf } from './wire.js';

/** An earlier turn of the assistant, as the server takes it back. */
export function assistantMessage({ content }: AssistantMessage, out: Outgoing): JsonObject {
  if (typeof content === 'string') return { role: 'assistant', content };
  const texts: TextPart[] = [];
  const reasoning: ReasoningPart[] = [];
  const refusals: RefusalPart[] = [];
  const calls: ToolCallPart[] = [];
  const items: Json[] = [];
  const members: Record<string, Json> = {};
  for (const part of content) {
    switch (part.type) {
      case 'text':
        texts.push(part);
        break;
      case 'reasoning':
        reasoning.push(part);
        break;
      case 'refusal':
        refusals.push(part);
        break;
      case 'tool-call':
        calls.push(part);
        break;
      case 'audio':
        Object.assign(members, audioMembers(part, texts, out));
        break;
      case 'image':
        dropped(out, 'image', 'images of earlier answers cannot be sent back');
        break;
      case 'opaque':
        readOpaque(part, members, items, out);
        break;
      default:
        part satisfies never;
    }
  }
  return {
    ...members,
    role: 'assistant',
    content: assistantContent({ texts, refusals, reasoning, items }, calls.length > 0 || 'audio' in members, out),
    ...(out.quirks.refusals === 'field' && refusals.length > 0 && { refusal: refusals.map((part) => part.text).join('') }),
    ...reasoningMembers(reasoning, out),
    ...annotationsOf(content, out),
    ...(calls.length > 0 && { tool_calls: calls.map((call) => toolCall(call, out)) }),
  };
}

interface Said {
  readonly texts: readonly TextPart[];
  readonly refusals: readonly RefusalPart[];
  readonly reasoning: readonly ReasoningPart[];
  readonly items: readonly Json[];
}

function assistantContent({ texts, refusals, reasoning, items }: Said, mayBeNull: boolean, out: Outgoing): Json {
  const all: readonly TextPart[] = out.quirks.refusals === 'text' ? [...texts, ...refusals.map((part): TextPart => ({ type: 'text', text: part.text }))] : texts;
  const thinking = out.quirks.reasoningHistory === 'thinking' ? reasoning.map((part): JsonObject => ({ type: 'thinking', thinking: [{ type: 'text', text: part.text }] })) : [];
  if (thinking.length + items.length > 0) return [...thinking, ...items, ...all.map((part) => textItem(part, out))];
  if (all.length > 0) return textContent(all, out);
  return mayBeNull || refusals.length > 0 ? null : '';
}

/** Only details that came from this server may go back; plain text may come from anywhere. */
function reasoningMembers(reasoning: readonly ReasoningPart[], out: Outgoing): JsonObject | undefined {
  if (reasoning.length === 0) return undefined;
  const text = reasoning.map((part) => part.text).join('');
  switch (out.quirks.reasoningHistory) {
    case 'reasoning_content':
      return text === '' ? dropped(out, 'reasoning', REDACTED) : { reasoning_content: text };
    case 'reasoning':
      return text === '' ? dropped(out, 'reasoning', REDACTED) : { reasoning: text };
    case 'reasoning_details': {
      const details = joinDetails(reasoning.map((part) => ({ text: part.text, details: dataFor(part.providerData, out.names)?.['reasoning_details'] })));
      if (details.length > 0) return { reasoning_details: details };
      return text === '' ? dropped(out, 'reasoning', REDACTED) : { reasoning: text };
    }
    case 'thinking':
      return undefined; // in the content
    case 'none':
      return dropped(out, 'reasoning', 'this server takes no reasoning of earlier turns back');
    default:
      return out.quirks.reasoningHistory satisfies never;
  }
}

const REDACTED = 'the reasoning of another provider, readable for that one only';

function toolCall(part: ToolCallPart, out: Outgoing): JsonObject {
  const { type, tool_call: members } = dataFor(part.providerData, out.names) ?? {};
  const own = isJsonObject(members) ? members : undefined;
  const id = wireCallId(part.id, out.quirks.toolCallIds);
  if (type === 'custom') return { ...own, id, type: 'custom', custom: { name: part.name, input: typeof part.input === 'string' ? part.input : toolInputText(part) } };
  return { ...own, id, type: 'function', function: { name: part.name, arguments: toolInputText(part) } };
}

/** Spoken answers go back by id, for as long as the server keeps them; without one, the words do. */
function audioMembers(part: AudioPart, texts: TextPart[], out: Outgoing): JsonObject | undefined {
  const id = dataFor(part.providerData, out.names)?.['id'];
  if (typeof id === 'string') return { audio: { id } };
  if (part.transcript === undefined) return dropped(out, 'audio', 'spoken answers of another provider, without transcript');
  out.context.warn({ kind: 'approximated', setting: 'audio', detail: 'a spoken answer of another provider went back as its transcript' });
  texts.push({ type: 'text', text: part.transcript });
  return undefined;
}

/** The files that OpenRouter parsed save it the work when they go back. */
function annotationsOf(content: readonly AssistantPart[], out: Outgoing): JsonObject | undefined {
  const annotations = content.flatMap((part) => {
    const own = part.type === 'text' ? dataFor(part.providerData, out.names)?.['annotations'] : undefined;
    return listOf(own).filter((one) => objectOf(one)['type'] === 'file').map(asJson);
  });
  return annotations.length > 0 ? { annotations } : undefined;
}

function readOpaque(part: OpaquePart, members: Record<string, Json>, items: Json[], out: Outgoing): void {
  const { data, kind } = part;
  if (!out.names.includes(part.provider)) dropped(out, 'opaque', `an item only ${part.provider} can read`);
  else if (kind === CONTENT_ITEM) items.push(data);
  else if (kind === MESSAGE_MEMBERS && isJsonObject(data)) Object.assign(members, data);
  else dropped(out, 'opaque', 'an item this protocol has no place for');
}

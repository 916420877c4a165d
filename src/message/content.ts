import type { AssistantPart, ToolCallPart } from '../types/message.js';
import type { ChatDelta } from '../types/stream.js';
import { toolInputText } from './tool-input.js';

/** Content is what commits a call: every delta but `start`, `part-end` and empty text. Reasoning and `tool-call-start` are content. */
export function isContent(delta: ChatDelta): boolean {
  switch (delta.type) {
    case 'start':
    case 'part-end':
      return false;
    case 'text-delta':
    case 'reasoning-delta':
    case 'refusal-delta':
      return delta.text !== '';
    case 'tool-call-start':
    case 'tool-call-delta':
    case 'tool-call-end':
    case 'part':
      return true;
    default:
      return delta satisfies never;
  }
}

/** The text parts, joined. */
export function textOf(content: readonly AssistantPart[]): string {
  let text = '';
  for (const part of content) if (part.type === 'text') text += part.text;
  return text;
}

/** The tool calls, in order. */
export function toolCallsOf(content: readonly AssistantPart[]): readonly ToolCallPart[] {
  return content.filter((part) => part.type === 'tool-call');
}

/** A whole answer as the deltas that would have streamed it: folding them gives `content` again. */
export function unfold(content: readonly AssistantPart[]): Exclude<ChatDelta, { readonly type: 'start' }>[] {
  const deltas: Exclude<ChatDelta, { readonly type: 'start' }>[] = [];
  for (const part of content) {
    switch (part.type) {
      case 'text': {
        const { type: _type, text, ...end } = part;
        deltas.push({ type: 'text-delta', text }, { type: 'part-end', ...end });
        break;
      }
      case 'reasoning': {
        const { type: _type, text, ...end } = part;
        deltas.push({ type: 'reasoning-delta', text }, { type: 'part-end', ...end });
        break;
      }
      case 'refusal': {
        const { type: _type, text, ...end } = part;
        deltas.push({ type: 'refusal-delta', text }, { type: 'part-end', ...end });
        break;
      }
      case 'tool-call':
        deltas.push(
          { type: 'tool-call-start', id: part.id, name: part.name },
          { type: 'tool-call-delta', id: part.id, json: toolInputText(part) },
          { type: 'tool-call-end', id: part.id, ...(part.providerData && { providerData: part.providerData }) },
        );
        break;
      case 'image':
      case 'audio':
      case 'opaque':
        deltas.push({ type: 'part', part });
        break;
      default:
        part satisfies never;
    }
  }
  return deltas;
}

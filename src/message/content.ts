import type { AssistantPart, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from '../types/message.js';
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

type Delta = Exclude<ChatDelta, { readonly type: 'start' }>;

/** A whole answer as the deltas that would have streamed it: folding them gives `content` again. */
export function unfold(content: readonly AssistantPart[]): Delta[] {
  const deltas: Delta[] = [];
  content.forEach((part, at) => {
    switch (part.type) {
      case 'text':
        deltas.push({ type: 'text-delta', text: part.text });
        break;
      case 'reasoning':
        deltas.push({ type: 'reasoning-delta', text: part.text });
        break;
      case 'refusal':
        deltas.push({ type: 'refusal-delta', text: part.text });
        break;
      case 'tool-call':
        deltas.push(
          { type: 'tool-call-start', id: part.id, name: part.name },
          { type: 'tool-call-delta', id: part.id, json: toolInputText(part) },
          { type: 'tool-call-end', id: part.id, ...(part.providerData && { providerData: part.providerData }) },
        );
        return;
      case 'image':
      case 'audio':
      case 'opaque':
        deltas.push({ type: 'part', part });
        return;
      default:
        part satisfies never;
        return;
    }
    const end = endOf(part, content[at + 1]);
    if (end !== undefined) deltas.push(end);
  });
  return deltas;
}

/** A part must be closed when it brings more than text, or when its successor would go on with it. */
function endOf(part: TextPart | ReasoningPart | RefusalPart, next: AssistantPart | undefined): Delta | undefined {
  const { type, text: _text, ...more } = part;
  return Object.keys(more).length > 0 || next?.type === type ? { type: 'part-end', ...more } : undefined;
}

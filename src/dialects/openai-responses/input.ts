import type { JsonObject } from '../../types/json.js';
import type { Message, SystemMessage, ToolMessage } from '../../types/message.js';
import type { RequestContext } from '../dialect.js';
import { isCustomCall, toAssistantItems } from './assistant-items.js';
import { toContent } from './content.js';
import { wireCallId } from './wire.js';

export interface InputOptions {
  readonly systemPrompt: 'instructions' | 'message';
  /** The server keeps earlier items, so an id alone is enough to bring one back. */
  readonly stored: boolean;
}

export interface WireInput {
  readonly instructions: string | undefined;
  readonly input: readonly JsonObject[];
}

/** Messages as input items. A system prompt at the start becomes `instructions` where it is one text; every other one stays in its place. */
export function toInput(messages: readonly Message[], context: RequestContext, { systemPrompt, stored }: InputOptions): WireInput {
  const first = messages[0];
  const instructions = systemPrompt === 'instructions' && first?.role === 'system' ? oneText(first) : undefined;
  const custom = new Map<string, boolean>();
  const input = messages.flatMap((message, index): readonly JsonObject[] => {
    const path = `messages[${index}]`;
    switch (message.role) {
      case 'system':
        return index === 0 && instructions !== undefined ? [] : [{ role: 'system', content: toContent(message.content, `${path}.content`, context) }];
      case 'user': {
        const content = toContent(message.content, `${path}.content`, context);
        return content.length === 0 && message.content.length > 0 ? [] : [{ role: 'user', content }];
      }
      case 'assistant':
        if (typeof message.content === 'string') return [{ role: 'assistant', content: message.content }];
        // An id may come again in a later turn, for a call of another kind.
        for (const part of message.content) if (part.type === 'tool-call') custom.set(part.id, isCustomCall(part, context));
        return toAssistantItems(message.content, `${path}.content`, context, stored);
      case 'tool':
        return [toToolOutput(message, custom.get(message.toolCallId) ?? false, path, context)];
      default:
        return message satisfies never;
    }
  });
  return { instructions, input };
}

function oneText({ content }: SystemMessage): string | undefined {
  if (typeof content === 'string') return content;
  const [part] = content;
  return content.length === 1 && part !== undefined && part.providerData === undefined ? part.text : undefined;
}

function toToolOutput(message: ToolMessage, custom: boolean, path: string, context: RequestContext): JsonObject {
  if (message.isError) {
    context.warn({ kind: 'approximated', setting: `${path}.isError`, detail: `${context.provider} has no mark for failed tools; the text says it` });
  }
  const content = toContent(message.isError ? marked(message.content) : message.content, `${path}.content`, context);
  const [only] = content;
  // Not every compatible server takes lists here.
  const output = content.length === 1 && typeof only === 'object' && only['type'] === 'input_text' && Object.keys(only).length === 2 ? (only['text'] ?? '') : content;
  return { type: custom ? 'custom_tool_call_output' : 'function_call_output', call_id: wireCallId(message.toolCallId), output };
}

/** Says in the text what the wire has no mark for. */
function marked(content: ToolMessage['content']): ToolMessage['content'] {
  if (typeof content === 'string') return `Error: ${content}`;
  const [first, ...rest] = content;
  return first?.type === 'text' ? [{ ...first, text: `Error: ${first.text}` }, ...rest] : [{ type: 'text', text: 'Error:' }, ...content];
}

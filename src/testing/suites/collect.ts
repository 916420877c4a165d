import { parseToolInput } from '../../message/tool-input.js';
import type { AdapterContext, AdapterEvent, ProviderAdapter } from '../../types/adapter.js';
import type { ChatRequest, FinishReason } from '../../types/chat.js';
import type { AssistantPart } from '../../types/message.js';
import type { Usage } from '../../types/usage.js';
import { ConformanceError } from './suite.js';

export type Form = 'chat' | 'stream';

/** What an adapter said, the same for both forms. */
export interface Told {
  /** Without `providerData` and empty texts: what two forms of one answer must share. */
  readonly content: readonly AssistantPart[];
  /** Undefined: a stream without `finish`. */
  readonly finishReason: FinishReason | undefined;
  readonly usage: Usage | undefined;
}

/** The forms this adapter has. */
export function formsOf(adapter: ProviderAdapter): readonly Form[] {
  return (['chat', 'stream'] as const).filter((form) => adapter[form] !== undefined);
}

export async function ask(adapter: ProviderAdapter, form: Form, request: ChatRequest, context: AdapterContext): Promise<Told> {
  if (form === 'chat') {
    const response = await adapter.chat?.(request, context);
    if (response === undefined) throw new ConformanceError('chat() must resolve with a response');
    return { content: bare(response.content), finishReason: response.finishReason, usage: response.usage };
  }
  const events: AdapterEvent[] = [];
  for await (const event of adapter.stream?.(request, context) ?? []) events.push(event);
  return told(events);
}

/** Folds the events of a stream. Fails when they contradict themselves. */
export function told(events: readonly AdapterEvent[]): Told {
  const parts: AssistantPart[] = [];
  const calls = new Map<string, { index: number; json: string; ended: boolean }>();
  let open: 'text' | 'reasoning' | 'refusal' | undefined;
  let finish: Extract<AdapterEvent, { readonly type: 'finish' }> | undefined;
  for (const event of events) {
    if (finish !== undefined) throw new ConformanceError(`nothing may come after finish; ${event.type} did`);
    switch (event.type) {
      case 'start':
      case 'usage':
        break;
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta': {
        const type = event.type === 'text-delta' ? 'text' : event.type === 'reasoning-delta' ? 'reasoning' : 'refusal';
        const last = parts.at(-1);
        if (open === type && last?.type === type) parts[parts.length - 1] = { ...last, text: last.text + event.text };
        else parts.push({ type, text: event.text });
        open = type;
        break;
      }
      case 'part-end':
        open = undefined;
        break;
      case 'tool-call-start':
        open = undefined;
        calls.set(event.id, { index: parts.length, json: '', ended: false });
        parts.push({ type: 'tool-call', id: event.id, name: event.name, input: null });
        break;
      case 'tool-call-delta':
      case 'tool-call-end': {
        const call = calls.get(event.id);
        if (call === undefined || call.ended) throw new ConformanceError(`${event.type} of a tool call that ${call === undefined ? 'never started' : 'had ended'}`);
        if (event.type === 'tool-call-delta') call.json += event.json;
        else call.ended = true;
        break;
      }
      case 'part':
        open = undefined;
        parts.push(event.part);
        break;
      case 'finish':
        finish = event;
        break;
      default:
        event satisfies never;
    }
  }
  for (const { index, json } of calls.values()) {
    const part = parts[index];
    if (part?.type === 'tool-call') parts[index] = { ...part, ...parseToolInput(json) };
  }
  return { content: bare(parts), finishReason: finish?.finishReason, usage: finish?.usage };
}

function bare(content: readonly AssistantPart[]): readonly AssistantPart[] {
  return content.flatMap((part) => {
    if ('text' in part && part.text === '') return [];
    const { providerData: _own, ...rest } = part;
    return [rest];
  });
}

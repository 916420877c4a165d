import type { AdapterEvent } from '../../src/types/adapter.js';
import type { FinishReason } from '../../src/types/chat.js';
import type { Json } from '../../src/types/json.js';
import type { AssistantPart, ReasoningPart, RefusalPart, TextPart, ToolCallPart } from '../../src/types/message.js';
import type { Usage } from '../../src/types/usage.js';

/** What a sequence of events amounts to, folded here and not by the library. */
export interface Folded {
  readonly id: string | undefined;
  readonly model: string | undefined;
  readonly content: readonly AssistantPart[];
  readonly finishReason: FinishReason | undefined;
  readonly usage: Usage | undefined;
  /** Breaches of the order that adapters promise; empty when there is none. */
  readonly breaches: readonly string[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type Streamed = Writable<TextPart> | Writable<ReasoningPart> | Writable<RefusalPart>;

interface OpenCall {
  readonly part: Writable<ToolCallPart>;
  json: string;
  ended: boolean;
}

/** Folds events by the letter of `ChatDelta`: a part lasts until `part-end` or a delta of another kind, tool calls are joined by id. */
export function foldEvents(events: readonly AdapterEvent[]): Folded {
  const content: AssistantPart[] = [];
  const calls = new Map<string, OpenCall>();
  const breaches: string[] = [];
  let open: Streamed | undefined;
  let start: { readonly id: string; readonly model: string } | undefined;
  let finish: { readonly finishReason: FinishReason; readonly usage?: Usage } | undefined;

  const stream = (type: Streamed['type'], text: string): void => {
    const part: Streamed = open?.type === type ? open : { type, text: '' };
    if (part !== open) content.push(part);
    part.text += text;
    open = part;
  };
  const callOf = (id: string, what: string): OpenCall | undefined => {
    const call = calls.get(id);
    if (call === undefined) breaches.push(`${what} of a call that was never started: ${id}`);
    else if (call.ended) breaches.push(`${what} of a call that has ended: ${id}`);
    return call;
  };

  for (const event of events) {
    if (finish !== undefined) breaches.push(`${event.type} after finish`);
    switch (event.type) {
      case 'start':
        if (start !== undefined) breaches.push('a second start');
        if (content.length > 0) breaches.push('start after content');
        start = event;
        break;
      case 'usage':
        break;
      case 'text-delta':
        stream('text', event.text);
        break;
      case 'reasoning-delta':
        stream('reasoning', event.text);
        break;
      case 'refusal-delta':
        stream('refusal', event.text);
        break;
      case 'part-end': {
        if (open === undefined) {
          breaches.push('part-end without an open part');
          break;
        }
        const { type: _type, ...end } = event;
        Object.assign(open, end);
        open = undefined;
        break;
      }
      case 'tool-call-start': {
        if (calls.has(event.id)) breaches.push(`two calls with the id ${event.id}`);
        open = undefined;
        const part: Writable<ToolCallPart> = { type: 'tool-call', id: event.id, name: event.name, input: null };
        calls.set(event.id, { part, json: '', ended: false });
        content.push(part);
        break;
      }
      case 'tool-call-delta': {
        open = undefined;
        const call = callOf(event.id, 'tool-call-delta');
        if (call !== undefined) call.json += event.json;
        break;
      }
      case 'tool-call-end': {
        open = undefined;
        const call = callOf(event.id, 'tool-call-end');
        if (call === undefined) break;
        call.ended = true;
        if (event.providerData !== undefined) call.part.providerData = event.providerData;
        readInput(call);
        break;
      }
      case 'part':
        open = undefined;
        content.push(event.part);
        break;
      case 'finish':
        finish = event;
        break;
      default:
        event satisfies never;
    }
  }
  for (const [id, call] of calls) if (finish !== undefined && !call.ended) breaches.push(`the call ${id} never ended`);
  return { id: start?.id, model: start?.model, content, finishReason: finish?.finishReason, usage: finish?.usage, breaches };
}

function readInput(call: OpenCall): void {
  if (call.json.trim() === '') {
    call.part.input = {};
    return;
  }
  try {
    call.part.input = JSON.parse(call.json) as Json;
  } catch {
    call.part.invalidInput = call.json;
  }
}

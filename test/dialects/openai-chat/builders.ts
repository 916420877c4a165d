import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import type { ChatQuirks } from '../../../src/dialects/openai-chat/quirks.js';
import type { AdapterEvent } from '../../../src/types/adapter.js';
import type { ChatRequest, Warning } from '../../../src/types/chat.js';
import type { JsonObject } from '../../../src/types/json.js';
import type { AssistantPart, Message } from '../../../src/types/message.js';
import type { Scope } from '../../../src/dialects/dialect.js';
import { foldEvents, type Folded } from '../../support/fold.js';

export const scope: Scope = { provider: 'acme', vendor: 'acme' };

/** The wire request, and the settings that were warned about. */
export function written(request: Partial<ChatRequest>, quirks: Partial<ChatQuirks> = {}, streaming = false): { readonly body: JsonObject; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const whole: ChatRequest = { model: 'acme/m1', messages: [{ role: 'user', content: 'hi' }], ...request };
  const body = openaiChat(quirks).toRequest(whole, { ...scope, model: 'm1', streaming, warn: (warning) => void warnings.push(warning) });
  return { body, warnings };
}

export function writtenMessages(messages: readonly Message[], quirks: Partial<ChatQuirks> = {}): unknown {
  return written({ messages }, quirks).body['messages'];
}

export function assistant(...content: readonly AssistantPart[]): Message {
  return { role: 'assistant', content };
}

/** What the stream decoder makes of these chunks. A string is an event's data as it is. */
export function decoded(...chunks: readonly unknown[]): Folded {
  return foldEvents(decodedEvents(...chunks));
}

export function decodedEvents(...chunks: readonly unknown[]): readonly AdapterEvent[] {
  const decoder = openaiChat().fromStream(scope);
  const events: AdapterEvent[] = [];
  for (const chunk of chunks) events.push(...decoder.push({ data: typeof chunk === 'string' ? chunk : JSON.stringify(chunk) }));
  events.push(...decoder.end());
  return events;
}

export function delta(delta: unknown, finish: string | null = null): unknown {
  return { id: 'c1', model: 'm1', choices: [{ index: 0, delta, finish_reason: finish }] };
}

export function callDelta(...toolCalls: readonly unknown[]): unknown {
  return delta({ tool_calls: toolCalls });
}

export const end = delta({}, 'stop');

/** A whole answer with this message. */
export function answer(message: unknown, more: Readonly<Record<string, unknown>> = {}, finish: string | null = 'stop'): unknown {
  return { id: 'c1', model: 'm1', choices: [{ index: 0, message, finish_reason: finish }], ...more };
}

import type { RequestContext } from '../../../src/dialects/dialect.js';
import { openaiResponses } from '../../../src/dialects/openai-responses/dialect.js';
import type { ResponsesQuirks } from '../../../src/dialects/openai-responses/quirks.js';
import type { AdapterEvent } from '../../../src/types/adapter.js';
import type { ChatRequest, Warning } from '../../../src/types/chat.js';
import type { JsonObject } from '../../../src/types/json.js';
import type { AssistantPart, Message } from '../../../src/types/message.js';
import { foldEvents, type Folded } from '../../support/fold.js';

export const scope = { provider: 'openai', vendor: 'openai' };
export const dialect = openaiResponses();

/** What goes out for a request, and what was warned of. */
export function send(request: Partial<ChatRequest>, options: { model?: string; streaming?: boolean; quirks?: Partial<ResponsesQuirks> } = {}): { body: JsonObject; warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const context: RequestContext = { ...scope, model: options.model ?? 'gpt-4.1', streaming: options.streaming ?? false, warn: (warning) => warnings.push(warning) };
  const body = openaiResponses(options.quirks).toRequest({ model: 'openai/gpt-4.1', messages: [user('Hi')], ...request }, context);
  return { body, warnings };
}

/** The input items of a conversation. */
export function inputOf(...messages: readonly Message[]): readonly unknown[] {
  return send({ messages }).body['input'] as readonly unknown[];
}

export function user(content: string): Message {
  return { role: 'user', content };
}

export function assistant(...content: readonly AssistantPart[]): Message {
  return { role: 'assistant', content };
}

/** A finished response with this output. */
export function response(...output: readonly unknown[]): JsonObject {
  return { id: 'resp_1', object: 'response', model: 'gpt-4.1-2025', status: 'completed', output: output as JsonObject[], usage: { input_tokens: 3, output_tokens: 5, total_tokens: 8 } };
}

export function message(...texts: readonly string[]): JsonObject {
  return { type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content: texts.map((text) => ({ type: 'output_text', text, annotations: [], logprobs: [] })) };
}

/** Decodes events given as their JSON; a bare string is the data as it came. */
export function decode(...events: readonly (JsonObject | string)[]): readonly AdapterEvent[] {
  const decoder = dialect.fromStream(scope);
  return [...events.flatMap((event) => decoder.push({ data: typeof event === 'string' ? event : JSON.stringify(event) })), ...decoder.end()];
}

export function fold(...events: readonly (JsonObject | string)[]): Folded {
  return foldEvents(decode(...events));
}

export const created: JsonObject = { type: 'response.created', response: { id: 'resp_1', model: 'gpt-4.1-2025', status: 'in_progress', output: [] } };

export function completed(...output: readonly unknown[]): JsonObject {
  return { type: 'response.completed', response: response(...output) };
}

export function added(index: number, item: JsonObject): JsonObject {
  return { type: 'response.output_item.added', output_index: index, item };
}

export function done(index: number, item: JsonObject): JsonObject {
  return { type: 'response.output_item.done', output_index: index, item };
}

export function textDelta(index: number, delta: string, content = 0): JsonObject {
  return { type: 'response.output_text.delta', output_index: index, content_index: content, delta };
}

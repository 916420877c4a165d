import { anthropicMessages } from '../../../src/dialects/anthropic-messages/dialect.js';
import type { AnthropicQuirks } from '../../../src/dialects/anthropic-messages/request.js';
import type { RequestContext } from '../../../src/dialects/dialect.js';
import type { ChatRequest, Warning } from '../../../src/types/chat.js';
import type { AssistantPart, Message, UserPart } from '../../../src/types/message.js';
import type { AdapterEvent } from '../../../src/types/adapter.js';

export const scope = { provider: 'anthropic', vendor: 'anthropic' } as const;

/** A model that knows budgets only, and takes every other setting. */
export const OLDER = 'claude-sonnet-4-20250514';
/** A model that takes thinking in both forms. */
export const MIDDLE = 'claude-opus-4-6';
/** A model that is adaptive only. */
export const NEWER = 'claude-opus-4-8';

export interface Built {
  readonly body: { readonly [field: string]: unknown };
  readonly warnings: readonly Warning[];
}

type Asked = Omit<ChatRequest, 'model' | 'messages'> & { readonly messages?: readonly Message[] };

/** The wire body of a request, and what was warned of. */
export function build(request: Asked, model: string = OLDER, context: Partial<RequestContext> = {}, quirks: AnthropicQuirks = {}): Built {
  const warnings: Warning[] = [];
  const body = anthropicMessages(quirks).toRequest(
    { model: `anthropic/${model}`, messages: [{ role: 'user', content: 'Hi' }], ...request },
    { ...scope, model, streaming: false, warn: (warning) => void warnings.push(warning), ...context },
  );
  return { body, warnings };
}

export function settings(built: Built): readonly string[] {
  return built.warnings.map(({ kind, setting }) => `${kind} ${setting}`);
}

export function assistant(...content: AssistantPart[]): Message {
  return { role: 'assistant', content };
}

export function user(...content: UserPart[]): Message {
  return { role: 'user', content };
}

export function call(id: string, name = 'lookup', input: { readonly [key: string]: string } = {}): AssistantPart {
  return { type: 'tool-call', id, name, input };
}

/** A message of the API around some content. */
export function answer(content: readonly unknown[], fields: { readonly [field: string]: unknown } = {}): unknown {
  return { id: 'msg_1', type: 'message', role: 'assistant', model: OLDER, content, stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 10, output_tokens: 5 }, ...fields };
}

/** Decodes wire events given as objects. */
export function decode(...events: readonly { readonly [field: string]: unknown }[]): readonly AdapterEvent[] {
  const decoder = anthropicMessages().fromStream(scope);
  return [...events.flatMap((event) => [...decoder.push({ event: String(event['type']), data: JSON.stringify(event) })]), ...decoder.end()];
}

export const START = { type: 'message_start', message: { id: 'msg_1', type: 'message', role: 'assistant', model: OLDER, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 10, output_tokens: 1 } } };
export const STOP = { type: 'message_stop' };

export function ending(reason = 'end_turn', usage: { readonly [field: string]: unknown } = { output_tokens: 5 }) {
  return { type: 'message_delta', delta: { stop_reason: reason, stop_sequence: null }, usage };
}

/** A content block, whole: its start, its deltas, its stop. */
export function block(index: number, start: { readonly [field: string]: unknown }, ...deltas: readonly { readonly [field: string]: unknown }[]) {
  return [
    { type: 'content_block_start', index, content_block: start },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ];
}

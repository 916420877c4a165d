import type { ProviderAdapter } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';

export type VendorName = 'openai responses' | 'openai chat' | 'anthropic' | 'google';

export interface ConnectOptions {
  /** @default 'key' */
  readonly apiKey?: string;
  /** In milliseconds. @default the adapter's */
  readonly connectTimeoutMs?: number | undefined;
  /** @default the adapter's own connections */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** One protocol, with a good answer of its own in pieces: every fault is put before, between or in place of them. */
export interface Vendor {
  readonly name: VendorName;
  /** An adapter of this vendor at the server with this origin. */
  connect(name: string, origin: string, options?: ConnectOptions): ProviderAdapter;
  /** Server-sent events before the first content. */
  readonly begin: string;
  /** Those that bring `PARTIAL`. */
  readonly content: string;
  /** Those that end the answer well, the last of them its terminal marker. */
  readonly close: string;
  /** The same answer in one piece. */
  readonly whole: string;
}

/** What each vendor's `content` says. */
export const PARTIAL = 'one two ';

/** Small, so that answers beyond them are quickly sent. In bytes. */
const LIMITS = { maxEventBytes: 64 * 1024, maxBodyBytes: 256 * 1024 };

/** A server-sent event. */
export function event(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

function connection(name: string, baseUrl: string, { apiKey = 'key', connectTimeoutMs, fetch }: ConnectOptions = {}) {
  return { name, apiKey, baseUrl, limits: LIMITS, allowHttp: true, connectTimeoutMs, fetch };
}

/** An event that says its type twice, as Anthropic and the responses API do. */
export function named(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return event(data, data.type);
}

export function chatChunk(delta: unknown, finishReason: string | null = null): string {
  return event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [{ index: 0, delta, finish_reason: finishReason }] });
}

export function googleChunk(parts: readonly unknown[], more: object = {}): string {
  return event({ candidates: [{ content: { parts, role: 'model' }, index: 0, ...more }], modelVersion: 'm', responseId: 'r1' });
}

const openaiChat: Vendor = {
  name: 'openai chat',
  connect: (name, origin, options) => openai({ ...connection(name, `${origin}/v1`, options), api: 'chat' }),
  begin: chatChunk({ role: 'assistant', content: '' }),
  content: chatChunk({ content: 'one ' }) + chatChunk({ content: 'two ' }),
  close: `${chatChunk({}, 'stop')}${event({ id: 'c1', object: 'chat.completion.chunk', created: 1, model: 'm', choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } })}${event('[DONE]')}`,
  whole: JSON.stringify({ id: 'c1', object: 'chat.completion', created: 1, model: 'm', choices: [{ index: 0, message: { role: 'assistant', content: PARTIAL }, finish_reason: 'stop' }], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } }),
};

const MESSAGE_ITEM = { id: 'i1', type: 'message', role: 'assistant', status: 'completed', content: [{ type: 'output_text', text: PARTIAL, annotations: [] }] };
const COMPLETED = { id: 'r1', object: 'response', model: 'm', status: 'completed', error: null, output: [MESSAGE_ITEM], usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 } };

const openaiResponses: Vendor = {
  name: 'openai responses',
  connect: (name, origin, options) => openai(connection(name, `${origin}/v1`, options)),
  begin:
    named({ type: 'response.created', response: { ...COMPLETED, status: 'in_progress', output: [], usage: null } }) +
    named({ type: 'response.output_item.added', output_index: 0, item: { ...MESSAGE_ITEM, status: 'in_progress', content: [] } }),
  content: ['one ', 'two '].map((delta) => named({ type: 'response.output_text.delta', item_id: 'i1', output_index: 0, content_index: 0, delta })).join(''),
  close: named({ type: 'response.output_item.done', output_index: 0, item: MESSAGE_ITEM }) + named({ type: 'response.completed', response: COMPLETED }),
  whole: JSON.stringify(COMPLETED),
};

const MESSAGE = { id: 'm1', type: 'message', role: 'assistant', model: 'm' };

const anthropicMessages: Vendor = {
  name: 'anthropic',
  connect: (name, origin, options) => anthropic(connection(name, `${origin}/v1`, options)),
  begin:
    named({ type: 'message_start', message: { ...MESSAGE, content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: 3, output_tokens: 1 } } }) +
    named({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  content: ['one ', 'two '].map((text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })).join(''),
  close:
    named({ type: 'content_block_stop', index: 0 }) +
    named({ type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 2 } }) +
    named({ type: 'message_stop' }),
  whole: JSON.stringify({ ...MESSAGE, content: [{ type: 'text', text: PARTIAL }], stop_reason: 'end_turn', stop_sequence: null, usage: { input_tokens: 3, output_tokens: 2 } }),
};

const COUNTS = { usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2, totalTokenCount: 5 } };

const googleGenerateContent: Vendor = {
  name: 'google',
  connect: (name, origin, options) => google(connection(name, `${origin}/v1beta`, options)),
  begin: event({ candidates: [], usageMetadata: { promptTokenCount: 3, totalTokenCount: 3 }, modelVersion: 'm', responseId: 'r1' }),
  content: googleChunk([{ text: 'one ' }]) + googleChunk([{ text: 'two ' }]),
  close: event({ candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: 'STOP', index: 0 }], ...COUNTS, modelVersion: 'm', responseId: 'r1' }),
  whole: JSON.stringify({ candidates: [{ content: { parts: [{ text: PARTIAL }], role: 'model' }, finishReason: 'STOP', index: 0 }], ...COUNTS, modelVersion: 'm', responseId: 'r1' }),
};

export const vendors: readonly Vendor[] = [openaiResponses, openaiChat, anthropicMessages, googleGenerateContent];

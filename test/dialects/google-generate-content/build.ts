import type { Scope } from '../../../src/dialects/dialect.js';
import { googleGenerateContent } from '../../../src/dialects/google-generate-content/dialect.js';
import type { GoogleQuirks } from '../../../src/dialects/google-generate-content/generation.js';
import type { AdapterEvent } from '../../../src/types/adapter.js';
import type { ChatRequest, Warning } from '../../../src/types/chat.js';
import type { JsonObject } from '../../../src/types/json.js';
import type { AssistantPart, Message } from '../../../src/types/message.js';

export const scope: Scope = { provider: 'google', vendor: 'google' };
export const dialect = googleGenerateContent();

export interface Sent {
  readonly body: JsonObject;
  readonly warnings: readonly Warning[];
}

interface Setting {
  readonly model?: string;
  readonly quirks?: GoogleQuirks;
  readonly streaming?: boolean;
  readonly provider?: string;
}

/** What is sent for a request that says hello and whatever else is given. */
export function send(request: Partial<ChatRequest>, setting: Setting = {}): Sent {
  const warnings: Warning[] = [];
  const model = setting.model ?? 'gemini-2.5-flash';
  const body = googleGenerateContent(setting.quirks).toRequest(
    { model: `google/${model}`, messages: [{ role: 'user', content: 'hello' }], ...request },
    { ...scope, provider: setting.provider ?? 'google', model, streaming: setting.streaming ?? false, warn: (warning) => warnings.push(warning) },
  );
  return { body, warnings };
}

export function sendMessages(messages: readonly Message[], setting: Setting = {}): Sent {
  return send({ messages }, setting);
}

/** The wire parts that an assistant message with these parts becomes. */
export function sentBack(content: readonly AssistantPart[], setting: Setting = {}): unknown {
  const { body } = sendMessages([{ role: 'assistant', content }], setting);
  return (body as { contents?: readonly { parts: unknown }[] }).contents?.[0]?.parts;
}

/** An answer with these parts, ended with STOP. */
export function answerOf(parts: readonly unknown[], candidate: object = {}): object {
  return { candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', ...candidate }], modelVersion: 'gemini-2.5-flash', responseId: 'r1' };
}

/** The events of a stream of these chunks. */
export function decode(chunks: readonly unknown[]): readonly AdapterEvent[] {
  const decoder = dialect.fromStream(scope);
  return [...chunks.flatMap((wire) => decoder.push({ data: JSON.stringify(wire) })), ...decoder.end()];
}

/** A chunk with these parts and nothing else. */
export function chunk(...parts: readonly unknown[]): object {
  return { candidates: [{ content: { role: 'model', parts } }], responseId: 'r1', modelVersion: 'gemini-2.5-flash' };
}

export const stop = { candidates: [{ content: { parts: [] }, finishReason: 'STOP' }] };

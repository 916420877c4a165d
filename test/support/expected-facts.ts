import { isDeepStrictEqual } from 'node:util';
import type { ProviderError } from '../../src/errors.js';
import type { FinishReason } from '../../src/types/chat.js';
import type { ProviderCode } from '../../src/types/codes.js';
import type { AssistantPart, ToolCallPart } from '../../src/types/message.js';
import type { Usage } from '../../src/types/usage.js';
import type { Exchange, Expected } from './fixtures.js';
import type { Outcome } from './recorded.js';

/** Compares an outcome with the facts of its exchange. Every line names the fact, what was wanted and what came. */
export function differencesFrom(exchange: Exchange, outcome: Outcome, errorCode?: ProviderCode): readonly string[] {
  const { expected } = exchange;
  const found = [...outcome.breaches];
  const same = (fact: string, wanted: unknown, got: unknown): void => {
    if (!isDeepStrictEqual(wanted, got)) found.push(`${fact}: wanted ${show(wanted)}, got ${show(got)}`);
  };

  same('text', expected.text ?? '', joined(outcome.content, 'text'));
  same('reasoning', expected.reasoning ?? '', joined(outcome.content, 'reasoning'));
  same('refusal', expected.refusal ?? '', joined(outcome.content, 'refusal'));
  same('tool calls', wantedCalls(expected), outcome.content.filter((part) => part.type === 'tool-call').map((part, index) => gotCall(part, expected.toolCalls?.[index])));

  if (expected.error !== undefined) {
    found.push(...errorDifferences(exchange, outcome, errorCode));
    return found;
  }
  if (outcome.error !== undefined) {
    found.push(`an unexpected error: ${outcome.error.message}`);
    return found;
  }
  if (isFilled(expected['id'])) same('id', expected['id'], outcome.id);
  if (isFilled(expected['model'])) same('model', expected['model'], outcome.model);
  if (outcome.finishReason === undefined) found.push('the stream never finished');
  else if (expected.finishClass && !ALLOWED[expected.finishClass](outcome.finishReason, expected)) {
    found.push(`finish: wanted ${expected.finishClass}, got ${outcome.finishReason}`);
  }
  found.push(...tokenDifferences(expected, outcome.usage));
  return found;
}

// A refusal ends with the ordinary reason at OpenAI, and with one of its own at Anthropic.
const ALLOWED: Readonly<Record<NonNullable<Expected['finishClass']>, (reason: FinishReason, expected: Expected) => boolean>> = {
  stop: (reason, expected) => reason === 'stop' || (reason === 'refusal' && isFilled(expected.refusal)),
  length: (reason) => reason === 'length',
  'tool-calls': (reason) => reason === 'tool-calls',
  'content-filter': (reason) => reason === 'content-filter' || reason === 'refusal',
};

const TOKENS: readonly (readonly [fact: string, field: keyof Usage])[] = [
  ['inputTotal', 'inputTokens'],
  ['outputTotal', 'outputTokens'],
  ['cacheRead', 'cacheReadTokens'],
  ['cacheWrite', 'cacheWriteTokens'],
  ['cacheWrite1h', 'cacheWriteLongTokens'],
  ['reasoning', 'reasoningTokens'],
  ['inputAudio', 'audioInputTokens'],
  ['outputAudio', 'audioOutputTokens'],
];

function tokenDifferences({ tokens }: Expected, usage: Usage | undefined): readonly string[] {
  if (!tokens) return usage === undefined ? [] : ['usage: the provider sent none, the dialect made some up'];
  if (usage === undefined) return ['usage: the provider sent some, the dialect lost it'];
  return TOKENS.filter(([fact, field]) => tokens[fact] !== undefined && tokens[fact] !== usage[field]).map(
    ([fact, field]) => `tokens ${fact}: wanted ${show(tokens[fact])}, got ${show(usage[field])}`,
  );
}

/** A free-form (`custom`) tool call holds its text as a JSON string; JSON that does not parse is kept as text. */
function wantedCalls(expected: Expected): readonly unknown[] {
  return (expected.toolCalls ?? []).map((call) => {
    const raw = isInvalid(call.args) ? call.args.$invalidJson : undefined;
    const free = call.custom && typeof call.input === 'string';
    const input = free ? call.input : raw !== undefined ? null : (call.args ?? {});
    return { ...(isFilled(call.id) && { id: call.id }), name: call.name ?? '', input, ...(raw !== undefined && { invalidInput: raw }) };
  });
}

function gotCall(part: ToolCallPart, wanted: { readonly id?: string } | undefined): unknown {
  return { ...(isFilled(wanted?.id) && { id: part.id }), name: part.name, input: part.input, ...(part.invalidInput !== undefined && { invalidInput: part.invalidInput }) };
}

function errorDifferences(exchange: Exchange, { error, finishReason }: Outcome, errorCode: ProviderCode | undefined): readonly string[] {
  const wanted = exchange.expected.error ?? {};
  if (error === undefined) {
    // The error stands outside of any event: whoever reads events alone sees a stream that was cut.
    const outside = (exchange.expected['streamQuirks'] as readonly string[] | undefined)?.includes('error-json-outside-sse');
    return outside && finishReason === undefined ? [] : ['an error was expected, none was thrown'];
  }
  const found: string[] = [];
  const code = errorCode ?? classOf(wanted, exchange.status);
  if (error.code !== code) found.push(`error: wanted ${code}, got ${error.code}`);
  if (isFilled(wanted.message)) {
    if (error.providerMessage !== wanted.message) found.push(`providerMessage: wanted ${show(wanted.message)}, got ${show(error.providerMessage)}`);
    if (leaks(error, wanted.message)) found.push('the error prints the words of the provider');
  }
  return found;
}

function leaks(error: ProviderError, words: string): boolean {
  return words.length > 12 && (error.message.includes(words) || JSON.stringify(error).includes(words));
}

const CLASS_OF: Readonly<Record<string, ProviderCode>> = {
  insufficient_quota: 'quota_exhausted',
  context_length_exceeded: 'context_length',
  model_not_found: 'not_found',
  invalid_api_key: 'authentication',
  authentication_error: 'authentication',
  permission_error: 'permission',
  PERMISSION_DENIED: 'permission',
  not_found_error: 'not_found',
  NOT_FOUND: 'not_found',
  rate_limit_error: 'provider_rate_limit',
  RESOURCE_EXHAUSTED: 'provider_rate_limit',
  overloaded_error: 'overloaded',
  server_error: 'server_error',
};

/** The class by code, then type, then status (of the answer, or the one an error inside a 200 names). Knows only what the recordings hold. */
function classOf({ code, type }: NonNullable<Expected['error']>, status: number): ProviderCode {
  const known = CLASS_OF[String(code)] ?? CLASS_OF[String(type)];
  if (known !== undefined) return known;
  const effective = status < 400 && typeof code === 'number' ? code : status;
  if (effective === 401) return 'authentication';
  if (effective === 403) return 'permission';
  if (effective === 404) return 'not_found';
  if (effective === 429) return 'provider_rate_limit';
  return effective >= 500 ? 'server_error' : 'invalid_request';
}

function joined(content: readonly AssistantPart[], type: 'text' | 'reasoning' | 'refusal'): string {
  return content.map((part) => (part.type === type ? part.text : '')).join('');
}

function isInvalid(args: unknown): args is { readonly $invalidJson: string } {
  return typeof args === 'object' && args !== null && '$invalidJson' in args;
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 160 ? `${text.slice(0, 160)}… (${text.length} characters)` : text;
}

import type { FinishReason } from '../../types/chat.js';
import type { ProviderCode } from '../../types/codes.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';
import type { Answer, Piece } from '../answer.js';
import type { ErrorReply } from '../reply.js';
import { cannotSay, event, type Wire } from './wire.js';

/** It has one word for both a refusal and a filter. */
const STOP: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn', length: 'max_tokens', 'tool-calls': 'tool_use', 'content-filter': 'refusal', refusal: 'refusal', other: 'pause_turn',
};

const ERRORS: Readonly<Partial<Record<ProviderCode, readonly [status: number, type: string, message: string]>>> = {
  authentication: [401, 'authentication_error', 'invalid x-api-key'],
  permission: [403, 'permission_error', 'Your API key does not have permission to use the specified resource.'],
  not_found: [404, 'not_found_error', 'model: no such model'],
  invalid_request: [400, 'invalid_request_error', 'messages: at least one message is required'],
  unsupported: [400, 'invalid_request_error', 'This model does not support this setting.'],
  context_length: [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'],
  content_filter: [400, 'invalid_request_error', 'Output blocked by content filtering policy'],
  provider_rate_limit: [429, 'rate_limit_error', 'This request would exceed your rate limit.'],
  quota_exhausted: [402, 'billing_error', 'Your credit balance is too low.'],
  overloaded: [529, 'overloaded_error', 'Overloaded'],
};
const API_ERROR = [500, 'api_error', 'Internal server error'] as const;

/** `POST /messages`. */
export const anthropicMessages: Wire = {
  headers: { 'request-id': 'req_fake_0001', 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '49', 'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:00Z' },

  unary(answer) {
    return { ...envelope(answer), content: answer.pieces.map(blockOf), stop_reason: STOP[answer.finishReason], stop_sequence: null, ...(answer.usage && { usage: usageOf(answer.usage, answer.usage.outputTokens) }) };
  },

  stream(answer) {
    const content = [
      // The output tokens of the start are a placeholder; the true count comes with message_delta.
      named({ type: 'message_start', message: { ...envelope(answer), content: [], stop_reason: null, stop_sequence: null, ...(answer.usage && { usage: usageOf(answer.usage, 1) }) } }),
    ];
    let stop: string | undefined;
    answer.pieces.forEach((piece, index) => {
      if (stop !== undefined) content.push(stop);
      content.push(named({ type: 'content_block_start', index, content_block: emptyBlock(piece) }));
      if (index === 0) content.push(named({ type: 'ping' }));
      for (const delta of deltasOf(piece)) content.push(named({ type: 'content_block_delta', index, delta }));
      stop = named({ type: 'content_block_stop', index });
    });
    const closing = [
      ...(stop === undefined ? [] : [stop]),
      named({ type: 'message_delta', delta: { stop_reason: STOP[answer.finishReason], stop_sequence: null }, usage: answer.usage ? usageOf(answer.usage, answer.usage.outputTokens) : null }),
      named({ type: 'message_stop' }),
    ];
    return { content, closing };
  },

  error(reply) {
    const [status] = ERRORS[reply.error] ?? API_ERROR;
    return {
      status: reply.status ?? status,
      headers: { 'request-id': 'req_fake_0001', ...(reply.retryAfterMs !== undefined && { 'retry-after': String(Math.ceil(reply.retryAfterMs / 1000)) }) },
      body: errorBody(reply),
    };
  },
  errorEvent: (reply) => event(errorBody(reply), 'error'),
  textEvent: (text) => named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } }),
};

function named(data: JsonObject & { readonly type: string }): string {
  return event(data, data.type);
}

function envelope(answer: Answer): JsonObject {
  return { id: answer.id, type: 'message', role: 'assistant', model: answer.model };
}

function errorBody(reply: ErrorReply): JsonObject {
  const [, type, message] = ERRORS[reply.error] ?? API_ERROR;
  return { type: 'error', error: { type, message: reply.message ?? message }, request_id: 'req_fake_0001' };
}

function blockOf({ part, chunks }: Piece): Json {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: part.text };
    case 'reasoning':
      return part.redacted === true ? { type: 'redacted_thinking', data: SIGNATURE } : { type: 'thinking', thinking: part.text, signature: SIGNATURE };
    case 'tool-call':
      // The whole form has no text of the arguments: what is not JSON can only be streamed.
      return { type: 'tool_use', id: part.id, name: part.name, input: part.invalidInput === undefined ? part.input : chunks.join('') };
    case 'opaque':
      return part.data;
    case 'image':
    case 'audio':
      throw cannotSay('anthropic-messages', part.type);
    default:
      return part satisfies never;
  }
}

function emptyBlock(piece: Piece): Json {
  switch (piece.part.type) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: '' };
    case 'reasoning':
      return piece.part.redacted === true ? blockOf(piece) : { type: 'thinking', thinking: '', signature: '' };
    case 'tool-call':
      return { type: 'tool_use', id: piece.part.id, name: piece.part.name, input: {} };
    default:
      return blockOf(piece);
  }
}

function deltasOf({ part, chunks }: Piece): readonly JsonObject[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return chunks.map((text) => ({ type: 'text_delta', text }));
    case 'reasoning':
      return part.redacted === true ? [] : [...chunks.map((thinking) => ({ type: 'thinking_delta', thinking })), { type: 'signature_delta', signature: SIGNATURE }];
    case 'tool-call':
      return chunks.map((json) => ({ type: 'input_json_delta', partial_json: json }));
    default:
      return [];
  }
}

const SIGNATURE = 'ZmFrZSBzaWduYXR1cmU=';

/** `input_tokens` leaves cached tokens out: the opposite of the others. */
function usageOf(usage: Usage, outputTokens: number): JsonObject {
  const read = usage.cacheReadTokens ?? 0;
  const written = usage.cacheWriteTokens ?? 0;
  const long = usage.cacheWriteLongTokens ?? 0;
  return {
    input_tokens: usage.inputTokens - read - written,
    cache_creation_input_tokens: written,
    cache_read_input_tokens: read,
    cache_creation: { ephemeral_5m_input_tokens: written - long, ephemeral_1h_input_tokens: long },
    output_tokens: outputTokens,
    ...(usage.reasoningTokens !== undefined && { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
    service_tier: 'standard',
  };
}

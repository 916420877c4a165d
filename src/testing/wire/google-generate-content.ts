import type { FinishReason } from '../../types/chat.js';
import type { ProviderCode } from '../../types/codes.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';
import type { Answer, Piece } from '../answer.js';
import type { ErrorReply } from '../reply.js';
import { event, type Wire } from './wire.js';

const FINISH: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP', length: 'MAX_TOKENS', 'tool-calls': 'STOP', 'content-filter': 'SAFETY', refusal: 'PROHIBITED_CONTENT', other: 'OTHER',
};

const ERRORS: Readonly<Partial<Record<ProviderCode, readonly [status: number, name: string, message: string]>>> = {
  authentication: [400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.'],
  permission: [403, 'PERMISSION_DENIED', 'The caller does not have permission.'],
  not_found: [404, 'NOT_FOUND', 'The model is not found for API version v1beta.'],
  invalid_request: [400, 'INVALID_ARGUMENT', 'Invalid JSON payload received.'],
  unsupported: [400, 'INVALID_ARGUMENT', 'This is not supported by the model.'],
  context_length: [400, 'INVALID_ARGUMENT', 'The input token count exceeds the maximum number of tokens allowed.'],
  provider_rate_limit: [429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.'],
  quota_exhausted: [429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.'],
  overloaded: [503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'],
};
const INTERNAL = [500, 'INTERNAL', 'An internal error has occurred.'] as const;

/** `POST /models/{model}:generateContent` and `:streamGenerateContent`. A tool call is one piece: Google does not stream arguments. */
export const googleGenerateContent: Wire = {
  headers: { 'server-timing': 'gfet4t7; dur=12' },

  unary(answer) {
    return { candidates: [{ content: { parts: answer.pieces.map((piece) => partOf(piece)), role: 'model' }, finishReason: FINISH[answer.finishReason], index: 0 }], ...tail(answer) };
  },

  stream(answer) {
    const parts = answer.pieces.flatMap((piece) => (saysText(piece) ? piece.chunks.map((text) => partOf(piece, text)) : [partOf(piece)]));
    return {
      content: parts.map((part) => event({ candidates: [{ content: { parts: [part], role: 'model' }, index: 0 }], ...tail(answer, false) })),
      closing: [event({ candidates: [{ content: { parts: [{ text: '' }], role: 'model' }, finishReason: FINISH[answer.finishReason], index: 0 }], ...tail(answer) })],
    };
  },

  error(reply) {
    // A blocked prompt is an answer here, without candidates.
    if (reply.error === 'content_filter') return { status: reply.status ?? 200, headers: {}, body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 }, modelVersion: 'fake' } };
    return { status: reply.status ?? (ERRORS[reply.error] ?? INTERNAL)[0], headers: {}, body: { error: errorOf(reply) } };
  },
  errorEvent: (reply) => event({ error: errorOf(reply) }),
  textEvent: (text) => event({ candidates: [{ content: { parts: [{ text }], role: 'model' }, index: 0 }] }),
};

function saysText({ part }: Piece): boolean {
  return part.type === 'text' || part.type === 'reasoning' || part.type === 'refusal';
}

function partOf({ part, chunks }: Piece, text?: string): Json {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { text: text ?? part.text };
    case 'reasoning':
      return { text: text ?? part.text, thought: true };
    case 'tool-call':
      return { functionCall: { id: part.id, name: part.name, args: part.invalidInput === undefined ? part.input : chunks.join('') } };
    case 'image':
    case 'audio':
      return { inlineData: { mimeType: part.mediaType ?? 'application/octet-stream', data: typeof part.data === 'string' ? part.data : Buffer.from(part.data).toString('base64') } };
    case 'opaque':
      return part.data;
    default:
      return part satisfies never;
  }
}

/** Every chunk carries the counts so far. */
function tail(answer: Answer, whole = true): JsonObject {
  return { ...(answer.usage && { usageMetadata: usageOf(answer.usage, whole) }), modelVersion: answer.model, responseId: answer.id };
}

/** `candidatesTokenCount` leaves the thoughts out. */
function usageOf(usage: Usage, whole: boolean): JsonObject {
  const thoughts = usage.reasoningTokens ?? 0;
  return {
    promptTokenCount: usage.inputTokens,
    ...(whole && { candidatesTokenCount: usage.outputTokens - thoughts }),
    ...(whole && thoughts > 0 && { thoughtsTokenCount: thoughts }),
    ...(usage.cacheReadTokens !== undefined && { cachedContentTokenCount: usage.cacheReadTokens }),
    totalTokenCount: usage.inputTokens + (whole ? usage.outputTokens : 0),
    promptTokensDetails: [
      { modality: 'TEXT', tokenCount: usage.inputTokens - (usage.audioInputTokens ?? 0) },
      ...(usage.audioInputTokens !== undefined ? [{ modality: 'AUDIO', tokenCount: usage.audioInputTokens }] : []),
    ],
  };
}

function errorOf(reply: ErrorReply): JsonObject {
  const [code, status, message] = ERRORS[reply.error] ?? INTERNAL;
  const details: Json[] = [];
  if (reply.error === 'authentication') details.push({ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID', domain: 'googleapis.com' });
  if (reply.error === 'provider_rate_limit') details.push(quotaFailure('GenerateRequestsPerMinutePerProjectPerModel'));
  if (reply.error === 'quota_exhausted') details.push(quotaFailure('GenerateRequestsPerDayPerProjectPerModel-FreeTier'));
  if (reply.retryAfterMs !== undefined) details.push({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${reply.retryAfterMs / 1000}s` });
  return { code: reply.status ?? code, message: reply.message ?? message, status, ...(details.length > 0 && { details }) };
}

function quotaFailure(quotaId: string): JsonObject {
  return { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId }] };
}

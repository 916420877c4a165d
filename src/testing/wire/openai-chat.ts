import type { FinishReason } from '../../types/chat.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';
import type { Answer, Piece } from '../answer.js';
import { openaiError, openaiErrorBody } from './openai-error.js';
import { cannotSay, event, type Asked, type Wire } from './wire.js';

const FINISH: Readonly<Record<FinishReason, string>> = {
  stop: 'stop', length: 'length', 'tool-calls': 'tool_calls', 'content-filter': 'content_filter', refusal: 'stop', other: 'other',
};
/** 2026-01-01, so that equal scripts give equal bytes. */
const CREATED = 1_767_225_600;

/** `POST /chat/completions`. Reasoning goes into `reasoning_content`, as compatible servers do: OpenAI's own never shows it here. */
export const openaiChat: Wire = {
  headers: { 'x-request-id': 'req_fake_0001', 'openai-processing-ms': '12', 'x-ratelimit-limit-requests': '500', 'x-ratelimit-remaining-requests': '499', 'x-ratelimit-reset-requests': '120ms' },

  unary(answer) {
    const calls = answer.pieces.flatMap(({ part, chunks }) => (part.type === 'tool-call' ? [{ id: part.id, type: 'function', function: { name: part.name, arguments: chunks.join('') } }] : []));
    const said = (type: Piece['part']['type']): string | null => {
      const pieces = answer.pieces.filter(({ part }) => part.type === type);
      return pieces.length === 0 ? null : pieces.flatMap(({ chunks }) => chunks).join('');
    };
    answer.pieces.forEach(({ part }) => checkPart(part.type));
    const reasoning = said('reasoning');
    return {
      id: answer.id, object: 'chat.completion', created: CREATED, model: answer.model,
      choices: [{
        index: 0,
        message: {
          role: 'assistant', content: said('text'), refusal: said('refusal'), annotations: [],
          ...(reasoning !== null && { reasoning_content: reasoning }),
          ...(calls.length > 0 && { tool_calls: calls }),
        },
        logprobs: null,
        finish_reason: FINISH[answer.finishReason],
      }],
      ...(answer.usage && { usage: usageOf(answer.usage) }),
      service_tier: 'default', system_fingerprint: null,
    };
  },

  stream(answer, asked) {
    const content = [chunk(answer, asked, { role: 'assistant', content: '', refusal: null })];
    let call = 0;
    for (const { part, chunks } of answer.pieces) {
      checkPart(part.type);
      if (part.type === 'tool-call') {
        content.push(chunk(answer, asked, { tool_calls: [{ index: call, id: part.id, type: 'function', function: { name: part.name, arguments: '' } }] }));
        for (const json of chunks) content.push(chunk(answer, asked, { tool_calls: [{ index: call, function: { arguments: json } }] }));
        call++;
        continue;
      }
      const field = part.type === 'reasoning' ? 'reasoning_content' : part.type === 'refusal' ? 'refusal' : 'content';
      for (const text of chunks) content.push(chunk(answer, asked, { [field]: text }));
    }
    const closing = [chunk(answer, asked, {}, FINISH[answer.finishReason])];
    if (answer.usage && includesUsage(asked)) closing.push(event({ ...head(answer), choices: [], usage: usageOf(answer.usage) }));
    closing.push(event('[DONE]'));
    return { content, closing };
  },

  error: openaiError,
  errorEvent: (reply) => event({ error: openaiErrorBody(reply) }),
  textEvent: (text, asked) => chunk({ id: 'giant', model: asked.model }, asked, { content: text }),
};

function checkPart(type: Piece['part']['type']): void {
  if (type === 'image' || type === 'audio' || type === 'opaque') throw cannotSay('openai-chat', type);
}

function includesUsage({ body }: Asked): boolean {
  const options = body['stream_options'];
  return typeof options === 'object' && options !== null && 'include_usage' in options && options['include_usage'] === true;
}

function head({ id, model }: Pick<Answer, 'id' | 'model'>): JsonObject {
  return { id, object: 'chat.completion.chunk', created: CREATED, model, service_tier: 'default', system_fingerprint: null };
}

function chunk(answer: Pick<Answer, 'id' | 'model'>, asked: Asked, delta: Json, finish: string | null = null): string {
  return event({ ...head(answer), choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }], ...(includesUsage(asked) && { usage: null }) });
}

function usageOf(usage: Usage): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens ?? 0, audio_tokens: usage.audioInputTokens ?? 0, ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }) },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0, audio_tokens: usage.audioOutputTokens ?? 0, accepted_prediction_tokens: 0, rejected_prediction_tokens: 0 },
  };
}

import type { FinishReason } from '../../types/chat.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';
import type { Answer, Piece } from '../answer.js';
import { openaiError, openaiErrorBody } from './openai-error.js';
import { cannotSay, event, type Asked, type Wire } from './wire.js';

/** 2026-01-01, so that equal scripts give equal bytes. */
const CREATED = 1_767_225_600;
const ENCRYPTED = 'ZmFrZSByZWFzb25pbmc=';

const INCOMPLETE: Readonly<Partial<Record<FinishReason, string>>> = { length: 'max_output_tokens', 'content-filter': 'content_filter', other: 'other' };

/** `POST /responses`. Every part is an output item of its own. */
export const openaiResponses: Wire = {
  headers: { 'x-request-id': 'req_fake_0001', 'openai-processing-ms': '12', 'openai-version': '2020-10-01' },

  unary(answer, asked) {
    return responseOf(answer, asked, answer.pieces.map((piece, index) => itemOf(piece, index, asked)), false);
  },

  stream(answer, asked) {
    let sequence = 0;
    const say = (type: string, fields: JsonObject): string => event({ type, ...fields, sequence_number: sequence++ }, type);
    const content = [
      say('response.created', { response: responseOf(answer, asked, [], true) }),
      say('response.in_progress', { response: responseOf(answer, asked, [], true) }),
    ];
    let closing: string[] = [];
    answer.pieces.forEach((piece, index) => {
      content.push(...closing);
      const [streamed, done] = eventsOf(piece, index, asked);
      content.push(...streamed.map(([type, fields]) => say(type, fields)));
      closing = done.map(([type, fields]) => say(type, fields));
    });
    const whole = responseOf(answer, asked, answer.pieces.map((piece, index) => itemOf(piece, index, asked)), false);
    closing.push(say(INCOMPLETE[answer.finishReason] === undefined ? 'response.completed' : 'response.incomplete', { response: whole }));
    return { content, closing };
  },

  error: openaiError,
  errorEvent(reply) {
    const { code, type, message, param } = openaiErrorBody(reply);
    return event({ type: 'error', code: code ?? type ?? null, message: message ?? null, param: param ?? null, sequence_number: 99 }, 'error');
  },
  textEvent: (text) => event({ type: 'response.output_text.delta', item_id: 'msg_0', output_index: 0, content_index: 0, delta: text, logprobs: [], sequence_number: 99 }, 'response.output_text.delta'),
};

type Said = readonly [type: string, fields: JsonObject];

/** What streams, and what closes the item. */
function eventsOf(piece: Piece, index: number, asked: Asked): readonly [streamed: readonly Said[], done: readonly Said[]] {
  const { part, chunks } = piece;
  const item = itemOf(piece, index, asked);
  const at = { item_id: idOf(piece, index), output_index: index };
  const whole = chunks.join('');
  const added = (empty: Json): Said => ['response.output_item.added', { output_index: index, item: empty }];
  const itemDone: Said = ['response.output_item.done', { output_index: index, item }];
  switch (part.type) {
    case 'text':
    case 'refusal': {
      const kind = part.type === 'text' ? 'output_text' : 'refusal';
      const empty: JsonObject = kind === 'output_text' ? { type: kind, text: '', annotations: [], logprobs: [] } : { type: kind, refusal: '' };
      const full: JsonObject = kind === 'output_text' ? { ...empty, text: whole } : { ...empty, refusal: whole };
      const deltas = chunks.map((delta): Said => [`response.${kind}.delta`, { ...at, content_index: 0, delta, ...(kind === 'output_text' && { logprobs: [] }) }]);
      return [
        [added({ id: at.item_id, type: 'message', status: 'in_progress', role: 'assistant', content: [] }), ['response.content_part.added', { ...at, content_index: 0, part: empty }], ...deltas],
        [[`response.${kind}.done`, { ...at, content_index: 0, ...(kind === 'output_text' ? { text: whole, logprobs: [] } : { refusal: whole }) }], ['response.content_part.done', { ...at, content_index: 0, part: full }], itemDone],
      ];
    }
    case 'reasoning': {
      const deltas = chunks.map((delta): Said => ['response.reasoning_summary_text.delta', { ...at, summary_index: 0, delta }]);
      return [
        [added({ id: at.item_id, type: 'reasoning', summary: [] }), ['response.reasoning_summary_part.added', { ...at, summary_index: 0, part: { type: 'summary_text', text: '' } }], ...deltas],
        [['response.reasoning_summary_text.done', { ...at, summary_index: 0, text: whole }], ['response.reasoning_summary_part.done', { ...at, summary_index: 0, part: { type: 'summary_text', text: whole } }], itemDone],
      ];
    }
    case 'tool-call': {
      const deltas = chunks.map((delta): Said => ['response.function_call_arguments.delta', { ...at, delta }]);
      return [
        [added({ id: at.item_id, type: 'function_call', status: 'in_progress', call_id: part.id, name: part.name, arguments: '' }), ...deltas],
        [['response.function_call_arguments.done', { ...at, arguments: whole, name: part.name }], itemDone],
      ];
    }
    default:
      return [[added(item)], [itemDone]];
  }
}

function idOf({ part }: Piece, index: number): string {
  return `${part.type === 'tool-call' ? 'fc' : part.type === 'reasoning' ? 'rs' : 'msg'}_${index}`;
}

function itemOf(piece: Piece, index: number, asked: Asked): Json {
  const { part, chunks } = piece;
  const id = idOf(piece, index);
  switch (part.type) {
    case 'text':
      return { id, type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text: part.text, annotations: [], logprobs: [] }] };
    case 'refusal':
      return { id, type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'refusal', refusal: part.text }] };
    case 'reasoning':
      return { id, type: 'reasoning', summary: part.redacted === true ? [] : [{ type: 'summary_text', text: part.text }], ...(wantsEncrypted(asked) && { encrypted_content: ENCRYPTED }) };
    case 'tool-call':
      return { id, type: 'function_call', status: 'completed', call_id: part.id, name: part.name, arguments: chunks.join('') };
    case 'opaque':
      return part.data;
    case 'image':
    case 'audio':
      throw cannotSay('openai-responses', part.type);
    default:
      return part satisfies never;
  }
}

function wantsEncrypted({ body }: Asked): boolean {
  const include = body['include'];
  return Array.isArray(include) && include.includes('reasoning.encrypted_content');
}

function responseOf(answer: Answer, asked: Asked, output: readonly Json[], running: boolean): JsonObject {
  const incomplete = running ? undefined : INCOMPLETE[answer.finishReason];
  return {
    id: answer.id, object: 'response', created_at: CREATED,
    status: running ? 'in_progress' : incomplete === undefined ? 'completed' : 'incomplete',
    background: false, error: null, incomplete_details: incomplete === undefined ? null : { reason: incomplete },
    instructions: null, max_output_tokens: null, max_tool_calls: null, model: answer.model, output,
    parallel_tool_calls: true, previous_response_id: null, reasoning: { effort: null, summary: null },
    service_tier: running ? 'auto' : 'default', store: asked.body['store'] ?? true, temperature: 1, text: { format: { type: 'text' } },
    tool_choice: 'auto', tools: [], top_p: 1, truncation: 'disabled',
    usage: running || answer.usage === undefined ? null : usageOf(answer.usage), user: null, metadata: {},
  };
}

function usageOf(usage: Usage): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cacheReadTokens ?? 0, ...(usage.cacheWriteTokens !== undefined && { cache_write_tokens: usage.cacheWriteTokens }) },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}

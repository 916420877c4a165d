import type { AdapterEvent, AdapterResponse } from '../../types/adapter.js';
import type { FinishReason } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { Scope } from '../dialect.js';
import { malformed } from '../failure.js';
import { errorInAnswer } from './error.js';
import { partsOf } from './items.js';
import { toUsage } from './usage.js';
import { membersBut, nameOf, objectOf, objectsOf } from './wire.js';

/** Reads a whole response. One that is still queued or in progress (background mode) has no content, and `other` as its finish reason. */
export function fromResponse(wire: unknown, { provider, vendor }: Scope): AdapterResponse {
  const response = objectOf(wire);
  if (response === undefined) throw malformed(provider, 'an answer that is not a JSON object');
  if (response['status'] === 'failed' || hasError(response)) throw errorInAnswer(provider, response['error']);
  if (!Array.isArray(response['output'])) throw malformed(provider, 'an answer without output');
  const content = objectsOf(response['output']).flatMap((item) => partsOf(item, vendor));
  const outcome = {
    called: content.some((part) => part.type === 'tool-call'),
    refused: content.some((part) => part.type === 'refusal'),
  };
  return { id: nameOf(response['id']) ?? '', model: nameOf(response['model']) ?? '', content, ...closingOf(response, 'completed', outcome, vendor) };
}

/** An `error` member that says something: successes carry it as null. */
export function hasError(response: JsonObject): boolean {
  return objectOf(response['error']) !== undefined || nameOf(response['error']) !== undefined;
}

/** What stands at the end of a response, streamed or not. `status`: what holds when the response names none. */
export function closingOf(
  response: JsonObject,
  status: 'completed' | 'incomplete',
  outcome: { readonly called: boolean; readonly refused: boolean },
  vendor: string,
): Omit<Extract<AdapterEvent, { readonly type: 'finish' }>, 'type'> {
  const usage = toUsage(response['usage']);
  const serviceTier = nameOf(response['service_tier']);
  const data = responseData(response);
  return {
    finishReason: finishReasonOf(response, status, outcome),
    ...(usage && { usage }),
    ...(serviceTier !== undefined && { serviceTier }),
    ...(data && { providerData: { [vendor]: data } }),
  };
}

function finishReasonOf(response: JsonObject, status: string, { called, refused }: { readonly called: boolean; readonly refused: boolean }): FinishReason {
  switch (nameOf(response['status']) ?? status) {
    case 'completed':
    case 'complete':
      return called ? 'tool-calls' : refused ? 'refusal' : 'stop';
    case 'incomplete':
      switch (objectOf(response['incomplete_details'])?.['reason']) {
        case 'max_output_tokens':
          return 'length';
        case 'content_filter':
          return 'content-filter';
        default:
          return 'other';
      }
    default:
      return 'other';
  }
}

/** What the vendor adds beside the answer. What only repeats the request is left out: it would carry the prompt around. */
function responseData(response: JsonObject): JsonObject | undefined {
  const usage = objectOf(response['usage']);
  const extra = usage && membersBut(usage, USAGE_FIELDS);
  const rest = membersBut(response, RESPONSE_FIELDS);
  return rest === undefined && extra === undefined ? undefined : { ...rest, ...(extra && { usage: extra }) };
}

const USAGE_FIELDS: ReadonlySet<string> = new Set(['input_tokens', 'output_tokens', 'total_tokens', 'input_tokens_details', 'output_tokens_details']);

const RESPONSE_FIELDS: ReadonlySet<string> = new Set([
  'id', 'object', 'model', 'output', 'output_text', 'usage', 'service_tier', 'error',
  // repeated from the request
  'background', 'context_management', 'frequency_penalty', 'include', 'input', 'instructions', 'max_output_tokens', 'max_tool_calls', 'metadata', 'parallel_tool_calls',
  'presence_penalty', 'previous_response_id', 'prompt', 'prompt_cache_key', 'prompt_cache_retention', 'reasoning', 'safety_identifier', 'store', 'temperature', 'text',
  'tool_choice', 'tools', 'top_logprobs', 'top_p', 'truncation', 'user',
]);

import type { Call } from '../core/call.js';
import type { OperationName, ResponseOf } from '../core/operation.js';
import type { ChatRequest, ChatResponse } from '../types/chat.js';
import type { Decision, Target } from '../types/report.js';

export interface Eligibility {
  readonly cacheSampled: boolean;
  readonly cacheToolResults: boolean;
}

/** Why an answer from a cache would not be what this call wants. Undefined: it would. */
export function whyNotAsked(call: Call, { cacheSampled, cacheToolResults }: Eligibility): string | undefined {
  if (call.cache === 'skip') return 'the call says skip';
  if (call.operation !== 'chat') return undefined;
  if (!cacheSampled && isSampled(call.request)) return 'a temperature above 0 asks for a new answer each time (cacheSampled caches those too)';
  if (!cacheToolResults && hasToolResults(call.request)) return 'it rests on what tools give, which may have changed (cacheToolResults caches those too)';
  return undefined;
}

/** A provider gives its own name to the setting, but always this word: `temperature`, `generationConfig.temperature` … */
function isSampled({ temperature, providerOptions }: ChatRequest): boolean {
  if (temperature !== undefined && temperature > 0) return true;
  return providerOptions !== undefined && isHot(providerOptions, 3);
}

function isHot(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null || levels === 0) return false;
  return Object.entries(value).some(([name, inner]) => (name === 'temperature' ? Number(inner) > 0 : isHot(inner, levels - 1)));
}

/** Results in the conversation, or a tool that the provider runs itself: a search, a connector. */
function hasToolResults({ messages, tools }: ChatRequest): boolean {
  return messages.some(({ role }) => role === 'tool') || tools?.some((tool) => 'type' in tool && tool.type === 'provider') === true;
}

/** What a call's trace says of how an answer was made. */
export interface Making {
  /** The attempt that answered. Undefined: none did, as when something below had an answer of its own. */
  readonly from: Target | undefined;
  /** Of that attempt. Undefined: no price known. */
  readonly costUsd: number | undefined;
  /** Put together from an answer that broke off and its continuation. */
  readonly continued: boolean;
  /** The hit of a cache below. */
  readonly hit: Extract<Decision, { readonly what: 'cache-hit' }> | undefined;
}

/** Reads the decisions from number `since` on. */
export function makingOf(decisions: readonly Decision[], since: number): Making {
  let from: Target | undefined;
  let index: number | undefined;
  let continued = false;
  let hit: Making['hit'];
  for (const decision of decisions.slice(since)) {
    if (decision.what === 'attempt-start') continued ||= decision.kind === 'continue';
    else if (decision.what === 'cache-hit') hit = decision;
    else if (decision.what === 'attempt-end' && decision.report.outcome === 'ok') {
      const { provider, model } = decision.report.target; // which key it was is nobody's business who reads the entry
      from = { provider, model };
      index = decision.report.index;
    }
  }
  let costUsd: number | undefined;
  for (const decision of decisions) if (decision.what === 'cost' && decision.usd !== undefined && index !== undefined && decision.index === index) costUsd = (costUsd ?? 0) + decision.usd;
  return { from, costUsd, continued, hit };
}

/** Why an answer that came to its end is kept from others all the same. Undefined: it may be stored. */
export function whyNotStored(call: Call, response: ResponseOf<OperationName>, { from, continued, hit }: Making): string | undefined {
  if (hit !== undefined) return `it came out of the ${hit.kind} cache`;
  if (from === undefined) return 'no provider gave it';
  if (continued) return 'it was put together from two answers';
  try {
    return 'content' in response ? whyNotWhole(call, response) : undefined;
  } catch {
    return 'it is not what an answer looks like'; // an adapter in plain JavaScript may give anything
  }
}

function whyNotWhole({ request }: Call, { finishReason, content, text }: ChatResponse): string | undefined {
  switch (finishReason) {
    case 'stop':
    case 'tool-calls':
      break;
    case 'refusal':
      return 'it is a refusal';
    case 'content-filter':
      return 'a content filter cut it';
    case 'length':
      return 'it was cut at its length limit';
    case 'other':
      return 'it is not known why it ended';
    default:
      finishReason satisfies never; // adapters may be plain JavaScript
      return 'it is not known why it ended';
  }
  if (content.some((part) => part.type === 'refusal')) return 'it is a refusal';
  if (!content.some((part) => part.type !== 'text' || part.text !== '')) return 'it is empty';
  if (content.some((part) => part.type === 'tool-call' && part.invalidInput !== undefined)) return 'a tool call in it is broken';
  // What the schema says of it only the caller can check; what is no JSON fits none.
  if ('output' in request && request.output !== undefined && finishReason === 'stop' && !isJson(text)) return 'it is not the JSON that was asked for';
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // that is the question
  }
}

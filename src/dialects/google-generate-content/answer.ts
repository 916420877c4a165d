import type { Json, JsonObject, ProviderData } from '../../types/json.js';
import type { Usage } from '../../types/usage.js';
import { malformed } from '../failure.js';
import { isSaid } from './finish-reason.js';
import { readUsage } from './usage.js';
import { isEmpty, isObject, listIn, objectsIn, stringIn } from './wire.js';

/** All that an answer says beside its content, gathered over its chunks; a unary answer is one chunk. */
export interface Answer {
  id: string;
  model: string;
  usage: Usage | undefined;
  serviceTier: string | undefined;
  /** The first candidate's reason, as on the wire. */
  finishReason: string | undefined;
  /** The prompt was refused: there is no candidate then. */
  isBlocked: boolean;
  /** Members of the answer and of its first candidate that have no name of ours. */
  readonly rest: Record<string, Json>;
  readonly candidate: Record<string, Json>;
  /** The other candidates, in pieces as they came. */
  readonly otherCandidates: Json[];
}

export function createAnswer(): Answer {
  return { id: '', model: '', usage: undefined, serviceTier: undefined, finishReason: undefined, isBlocked: false, rest: {}, candidate: {}, otherCandidates: [] };
}

/** Takes a chunk in, and gives the first candidate's content parts. Counts are cumulative, so the last ones stand. */
export function addChunk(answer: Answer, chunk: JsonObject): readonly JsonObject[] {
  const { candidates, usageMetadata, modelVersion, responseId, ...rest } = chunk;
  answer.id ||= stringIn(responseId) ?? '';
  answer.model ||= stringIn(modelVersion) ?? '';
  if (isObject(usageMetadata)) {
    answer.usage = readUsage(usageMetadata) ?? answer.usage;
    answer.serviceTier = stringIn(usageMetadata['serviceTier']) ?? answer.serviceTier;
    set(answer.rest, 'usageMetadata', usageMetadata);
  }
  for (const [key, value] of Object.entries(rest)) set(answer.rest, key, value);
  const feedback = rest['promptFeedback'];
  if (isObject(feedback) && isSaid(feedback['blockReason'])) answer.isBlocked = true;

  const parts: JsonObject[] = [];
  for (const candidate of objectsIn(candidates)) {
    const { content, index, finishReason, ...facts } = candidate;
    if (index !== undefined && index !== 0) {
      answer.otherCandidates.push(candidate);
      continue;
    }
    if (isSaid(finishReason)) answer.finishReason = finishReason;
    for (const [key, value] of Object.entries(facts)) set(answer.candidate, key, joined(key, own(answer.candidate, key), value));
    if (isObject(content)) parts.push(...objectsIn(content['parts']));
  }
  return parts;
}

/** Whether the provider has said that the answer is whole. */
export function isComplete(answer: Answer): boolean {
  return answer.finishReason !== undefined || answer.isBlocked;
}

/** The model wrote a call that the server could not read, and nothing else is there: another try may do better. */
export function refuseMalformedCall(answer: Answer, hasContent: boolean, provider: string): void {
  if (answer.finishReason === 'MALFORMED_FUNCTION_CALL' && !hasContent) {
    throw malformed(provider, 'no content, because the model wrote a malformed function call (finishReason MALFORMED_FUNCTION_CALL)');
  }
}

/** What has no name of ours, under the vendor's name. */
export function providerDataOf(answer: Answer, vendor: string): ProviderData {
  return {
    [vendor]: {
      ...answer.rest,
      ...answer.candidate,
      ...(answer.finishReason !== undefined && { finishReason: answer.finishReason }),
      ...(answer.otherCandidates.length > 0 && { otherCandidates: answer.otherCandidates }),
    },
  };
}

/** Citations and log probabilities come piece by piece; everything else is said again as a whole, first as an empty object. */
function joined(key: string, before: Json | undefined, value: Json): Json {
  if (before === undefined || !isObject(before) || !isObject(value)) return value;
  if (isEmpty(value)) return before;
  switch (key) {
    case 'citationMetadata':
      return withLists(before, value, ['citations', 'citationSources'], true);
    case 'logprobsResult':
      return withLists(before, value, ['chosenCandidates', 'topCandidates'], false);
    default:
      return value;
  }
}

function withLists(before: JsonObject, value: JsonObject, keys: readonly string[], distinct: boolean): JsonObject {
  const lists = keys
    .filter((key) => before[key] !== undefined || value[key] !== undefined)
    .map((key): [string, Json] => {
      const all = [...listIn(before[key]), ...listIn(value[key])];
      // Some models repeat the citations so far in every chunk.
      return [key, distinct ? [...new Map(all.map((entry) => [JSON.stringify(entry), entry])).values()] : all];
    });
  return { ...before, ...value, ...Object.fromEntries(lists) };
}

// Names come from the wire: `__proto__` must neither be read nor written through the prototype.
function own(target: Record<string, Json>, key: string): Json | undefined {
  return Object.hasOwn(target, key) ? target[key] : undefined;
}

function set(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

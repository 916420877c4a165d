import type { Attributes } from '@opentelemetry/api';
import type { Call, CallOf } from '../core/call.js';
import type { ResponseOf, OperationName } from '../core/operation.js';
import type { Candidate, ResolvedRoute } from '../core/route.js';
import { plainText } from '../observing/plain-text.js';
import type { ServerAddress } from '../types/adapter.js';
import type { FinishReason } from '../types/chat.js';
import type { Json } from '../types/json.js';
import type { Target } from '../types/report.js';
import type { Usage } from '../types/usage.js';
import { TAG_PREFIX } from './own-names.js';
import { WELL_KNOWN } from './provider-names.js';
import type { Settings } from './settings.js';

export function operationOf(call: Call): 'chat' | 'embeddings' {
  return call.operation === 'chat' ? 'chat' : 'embeddings';
}

/** Who is asked. `bound`: as an attribute of a metric. */
export function targetAttributes(call: Call, target: Target, { vocabulary, providerNames, bounds }: Settings, bound = false): Attributes {
  const { attributes: names } = vocabulary;
  const server = serverOf(call, target);
  const own = Object.hasOwn(providerNames, target.provider) ? providerNames[target.provider] : undefined;
  return {
    [names.providerName]: own ?? WELL_KNOWN.get(target.provider) ?? target.provider,
    [names.requestModel]: bound ? bounds.model(target.model) : plainText(target.model),
    ...(server !== undefined && { [names.serverAddress]: server.address, [names.serverPort]: server.port }),
  };
}

/** None where some candidate's is unknown: a span cannot unlearn the address of whom it asked first. */
function serverOf({ route }: Call, target: Target): ServerAddress | undefined {
  const candidates = candidatesOf(route);
  return candidates.every(({ server }) => server !== undefined) ? candidates.find((candidate) => candidate.target.provider === target.provider)?.server : undefined;
}

/** Whether a call to this route may ask that provider. A cached answer may be of another. */
export function mayAsk({ route }: Call, target: Target): boolean {
  return candidatesOf(route).some((candidate) => candidate.target.provider === target.provider);
}

function candidatesOf({ candidates, onContextLength, onContentFilter }: ResolvedRoute): readonly Candidate[] {
  return onContextLength.length === 0 && onContentFilter.length === 0 ? candidates : [...candidates, ...onContextLength, ...onContentFilter];
}

/** What the caller asked for, without content. */
export function requestAttributes(call: Call, { vocabulary }: Settings): Attributes {
  const { attributes: names } = vocabulary;
  const conversation = call.tags['conversation'];
  const common = {
    ...(call.streaming && { [names.requestStream]: true }),
    ...(conversation !== undefined && { [names.conversationId]: plainText(conversation) }),
  };
  if (call.operation === 'embed') return { ...common, ...known({ [names.dimensions]: call.request.dimensions }) };
  const { request } = call;
  return {
    ...common,
    ...providerOptions(call, vocabulary.attributes),
    ...(request.output !== undefined && { [names.outputType]: 'json' }),
    ...known({
      [names.maxTokens]: request.maxTokens,
      [names.temperature]: request.temperature,
      [names.topP]: request.topP,
      [names.topK]: request.topK,
      [names.seed]: request.seed,
      [names.frequencyPenalty]: request.frequencyPenalty,
      [names.presencePenalty]: request.presencePenalty,
      [names.reasoningLevel]: request.reasoning?.effort,
    }),
  };
}

/** The two settings of OpenAI that the conventions know and the request schema does not. */
function providerOptions({ request, target }: CallOf<'chat'>, names: Settings['vocabulary']['attributes']): Attributes {
  const all = request.providerOptions ?? {};
  const own = [target.provider, 'openai'].find((name) => Object.hasOwn(all, name));
  const { previous_response_id: previous, service_tier: tier } = (own === undefined ? undefined : all[own]) ?? {};
  return known({
    [names.previousResponse]: typeof previous === 'string' ? plainText(previous) : undefined,
    [names.requestTier]: own === 'openai' && typeof tier === 'string' && tier !== 'auto' ? plainText(tier) : undefined,
  });
}

/** What came back, without content. `counted`: its tokens were used by this call. `whole`: it is an answer, not a part of one. */
export function responseAttributes(call: Call, response: ResponseOf<OperationName>, { counted, whole }: { readonly counted: boolean; readonly whole: boolean }, { vocabulary }: Settings): Attributes {
  const { attributes: names } = vocabulary;
  const { usage } = response;
  return {
    [names.responseModel]: plainText(response.model),
    ...('id' in response && { [names.responseId]: plainText(response.id), ...(whole && { [names.finishReasons]: [finishReason(response.finishReason)] }) }),
    ...(counted && usage.estimated !== true && usageAttributes(usage, call, vocabulary.attributes)),
  };
}

/** Only OpenAI's conventions have a name for it. `common` says whose answer it is. */
export function serviceTier(response: ResponseOf<OperationName> | undefined, common: Attributes, { vocabulary, bounds }: Settings): Attributes {
  const { attributes: names } = vocabulary;
  if (common[names.providerName] !== 'openai' || response === undefined || !('serviceTier' in response) || response.serviceTier === undefined) return {};
  return { [names.serviceTier]: bounds.name(response.serviceTier) };
}

function usageAttributes(usage: Usage, call: Call, names: Settings['vocabulary']['attributes']): Attributes {
  if (call.operation === 'embed') return { [names.inputTokens]: usage.inputTokens };
  return known({
    [names.inputTokens]: usage.inputTokens,
    [names.outputTokens]: usage.outputTokens,
    [names.cacheReadTokens]: usage.cacheReadTokens,
    [names.cacheWriteTokens]: usage.cacheWriteTokens,
    [names.reasoningTokens]: usage.reasoningTokens,
  });
}

/** The tags that may be seen. `bound`: as attributes of a metric. */
export function tagAttributes({ tags }: Call, settings: Settings, bound: boolean): Attributes {
  const found: Attributes = {};
  for (const [name, limit] of settings.bounds.tags) {
    const value = Object.hasOwn(tags, name) ? tags[name] : undefined;
    if (value !== undefined) found[TAG_PREFIX + name] = bound ? limit(value) : plainText(value);
  }
  return found;
}

/** In the conventions' words, where they have one. */
export function finishReason(reason: FinishReason): string {
  return FINISH_REASONS.get(reason) ?? reason;
}

const FINISH_REASONS: ReadonlyMap<FinishReason, string> = new Map([['tool-calls', 'tool_call'], ['content-filter', 'content_filter']]);

/** Without what is undefined. */
export function known(values: Readonly<Record<string, Json | undefined>>): Attributes {
  const found: Attributes = {};
  for (const name in values) if (values[name] !== undefined) found[name] = values[name];
  return found;
}

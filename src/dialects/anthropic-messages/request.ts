import type { ChatRequest } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { RequestContext } from '../dialect.js';
import { mergeOptions } from '../options.js';
import { toConversation } from './messages.js';
import { traitsOf } from './models.js';
import { planThinking, type ThinkingPlan } from './reasoning.js';
import { toSampling } from './sampling.js';
import { toEnforcedSchema } from './schema.js';
import { toToolChoice, toTools } from './tools.js';
import { DIALECT } from './wire.js';

/** Where a server differs from Anthropic's own. */
export interface AnthropicQuirks {
  /**
   * Clouds name the model in the URL, so it leaves the body, and want `anthropic_version` there instead of a header. Bedrock also has a URL of its own for streams.
   * @default undefined: Anthropic's own API
   */
  readonly cloud?: 'vertex' | 'bedrock';
  /** `max_tokens` of a request that names none. @default 16384, or what the model can write when that is less */
  readonly defaultMaxTokens?: number;
}

/**
 * The API has no default of its own. This is the largest power of two below 21,333, from where on the vendor's SDK wants to stream
 * (an hour for 128,000 tokens, ten minutes for one answer).
 */
const DEFAULT_MAX_TOKENS = 16_384;

const VERSIONS = { vertex: 'vertex-2023-10-16', bedrock: 'bedrock-2023-05-31' } as const;

export function toRequest(request: ChatRequest, context: RequestContext, quirks: AnthropicQuirks): JsonObject {
  const traits = traitsOf(context.model);
  const plan = planThinking(request, quirks.defaultMaxTokens ?? Math.min(DEFAULT_MAX_TOKENS, traits.maxOutput), traits, context);
  const { system, messages } = toConversation(request.messages, traits.systemInside, context);
  const tools = toTools(request.tools, context);
  const toolChoice = toToolChoice(request, tools.length, traits, context);
  const stop = toStopSequences(request, context);
  const output = toOutput(request, plan, context);
  warnOfTheUnspeakable(request, context);
  const body: JsonObject = {
    ...(quirks.cloud === undefined ? { model: context.model } : { anthropic_version: VERSIONS[quirks.cloud] }),
    max_tokens: plan.maxTokens,
    ...(system.length > 0 && { system }),
    messages,
    ...(tools.length > 0 && { tools }),
    ...(toolChoice !== undefined && { tool_choice: toolChoice }),
    ...(stop.length > 0 && { stop_sequences: stop }),
    ...toSampling(request, thinks(plan), traits, context),
    ...(plan.thinking !== undefined && { thinking: plan.thinking }),
    ...(output !== undefined && { output_config: output }),
    ...(context.streaming && quirks.cloud !== 'bedrock' && { stream: true }),
  };
  return mergeOptions(body, request, [context.provider, context.vendor, DIALECT]);
}

function thinks({ thinking }: ThinkingPlan): boolean {
  return thinking?.['type'] === 'enabled' || thinking?.['type'] === 'adaptive';
}

/** `output_config`: the format of the answer and the effort behind it. */
function toOutput({ output }: ChatRequest, { effort }: ThinkingPlan, context: RequestContext): JsonObject | undefined {
  if (output !== undefined && output.schema === undefined) {
    context.warn({ kind: 'dropped', setting: 'output', detail: `${context.provider} keeps to a JSON schema, and there is none; give output.schema` });
  }
  if (output?.schema === undefined && effort === undefined) return undefined;
  return {
    ...(effort !== undefined && { effort }),
    ...(output?.schema !== undefined && { format: { type: 'json_schema', schema: toEnforcedSchema(output.schema, 'output.schema', context) } }),
  };
}

/** The API refuses a sequence of white space alone. */
function toStopSequences({ stop = [] }: ChatRequest, context: RequestContext): readonly string[] {
  const kept = stop.filter((sequence) => sequence.trim() !== '');
  if (kept.length < stop.length) context.warn({ kind: 'dropped', setting: 'stop', detail: `${context.provider} does not stop at white space` });
  return kept;
}

function warnOfTheUnspeakable(request: ChatRequest, context: RequestContext): void {
  for (const setting of ['seed', 'presencePenalty', 'frequencyPenalty'] as const) {
    if (request[setting] !== undefined) context.warn({ kind: 'dropped', setting, detail: `${context.provider} has no such setting` });
  }
}

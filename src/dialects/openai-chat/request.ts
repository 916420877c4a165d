import type { ChatRequest, OutputFormat } from '../../types/chat.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { RequestContext } from '../dialect.js';
import { mergeOptions } from '../options.js';
import { toMessages } from './messages.js';
import type { ChatQuirks, OptionalSetting, ReasoningEffort } from './quirks.js';
import { toolMembers } from './tools.js';
import { dropped, outgoing, type Outgoing } from './user-parts.js';
import { DIALECT } from './wire.js';

/** The body of `POST /chat/completions`. What the server cannot take as asked is a warning. */
export function toRequest(request: ChatRequest, context: RequestContext, quirks: ChatQuirks): JsonObject {
  const out = outgoing(context, quirks);
  const messages = toMessages(request.messages, out);
  const body: Record<string, Json> = { model: context.model, messages };
  const set = (name: string, value: Json | undefined): void => {
    if (value !== undefined) body[name] = value;
  };

  set(quirks.maxTokensField, request.maxTokens);
  set('temperature', request.temperature);
  set('top_p', request.topP);
  set('stop', stopSequences(request.stop ?? [], out));
  set('top_k', taken('topK', request.topK, out));
  set(quirks.seedField, taken('seed', request.seed, out));
  set('presence_penalty', taken('presencePenalty', request.presencePenalty, out));
  set('frequency_penalty', taken('frequencyPenalty', request.frequencyPenalty, out));
  Object.assign(body, toolMembers(request, out), outputMembers(request.output, messages, out), reasoningMembers(request.reasoning, out));
  if (context.streaming) {
    body['stream'] = true;
    if (quirks.streamUsage) body['stream_options'] = { include_usage: true };
  }
  return mergeOptions(body, request, [context.provider, context.vendor, DIALECT]);
}

function taken<T>(setting: OptionalSetting, value: T | undefined, out: Outgoing): T | undefined {
  if (value === undefined || !out.quirks.unsupported.includes(setting)) return value;
  return dropped(out, setting, 'this server does not take it');
}

function stopSequences(stop: readonly string[], out: Outgoing): readonly string[] | undefined {
  const { stopLimit } = out.quirks;
  if (stop.length === 0) return undefined;
  if (stop.length <= stopLimit) return stop;
  if (stopLimit === 0) return dropped(out, 'stop', 'this server does not take it');
  out.context.warn({ kind: 'approximated', setting: 'stop', detail: `this server takes ${stopLimit} stop sequences; the first ${stopLimit} were kept` });
  return stop.slice(0, stopLimit);
}

function outputMembers(output: OutputFormat | undefined, messages: JsonObject[], out: Outgoing): JsonObject | undefined {
  if (output === undefined) return undefined;
  const { name, strict } = output;
  const { jsonSchema: style, anyJson } = out.quirks;
  const schema = output.schema ?? (anyJson === 'json_schema' ? { type: 'object' } : undefined);
  if (schema !== undefined && style === 'json_schema') {
    return { response_format: { type: 'json_schema', json_schema: { name: name ?? 'response', schema, ...(strict !== undefined && { strict }) } } };
  }
  if (schema !== undefined || style === 'prompt') {
    out.context.warn({ kind: 'approximated', setting: 'output', detail: 'this server cannot hold an answer to a JSON Schema; the prompt asks for it' });
    const wish = schema === undefined ? 'Answer with a JSON object and nothing else.' : `Answer with a JSON object that fits this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;
    messages.unshift({ role: out.quirks.systemRole, content: wish });
  }
  return style === 'prompt' ? undefined : { response_format: { type: 'json_object' } };
}

function reasoningMembers(reasoning: ChatRequest['reasoning'], out: Outgoing): JsonObject | undefined {
  const { effort, maxTokens } = reasoning ?? {};
  if (effort === undefined && maxTokens === undefined) return undefined;
  const style = out.quirks.reasoningRequest;
  if (style === 'none') return dropped(out, 'reasoning', 'this server has no setting for it');
  if (style === 'reasoning' && maxTokens !== undefined) {
    if (effort !== undefined) dropped(out, 'reasoning.effort', 'this server takes either an effort or a number of tokens');
    return { reasoning: { max_tokens: maxTokens } };
  }
  if (maxTokens !== undefined) dropped(out, 'reasoning.maxTokens', 'this server takes no number of tokens for reasoning');
  if (style === 'thinking' || style === 'thinking-and-effort') return thinkingMembers(effort, out);
  if (effort === undefined) return undefined;
  const nearest = nearestEffort(effort, out);
  return style === 'reasoning' ? { reasoning: { effort: nearest } } : { reasoning_effort: nearest };
}

function thinkingMembers(effort: ReasoningEffort | undefined, out: Outgoing): JsonObject {
  if (effort === 'none') return { thinking: { type: 'disabled' } };
  const on = { thinking: { type: 'enabled' } };
  if (effort === undefined) return on;
  if (out.quirks.reasoningRequest === 'thinking-and-effort') return { ...on, reasoning_effort: nearestEffort(effort, out) };
  out.context.warn({ kind: 'approximated', setting: 'reasoning.effort', detail: 'this server can only switch reasoning on or off' });
  return on;
}

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** The effort itself, or the nearest that the server takes; of two equally near, the greater. */
function nearestEffort(effort: ReasoningEffort, out: Outgoing): ReasoningEffort {
  const { reasoningEfforts } = out.quirks;
  if (reasoningEfforts.includes(effort)) return effort;
  const wanted = EFFORTS.indexOf(effort);
  const distance = (candidate: ReasoningEffort): number => Math.abs(EFFORTS.indexOf(candidate) - wanted) - (EFFORTS.indexOf(candidate) > wanted ? 0.5 : 0);
  const nearest = reasoningEfforts.reduce<ReasoningEffort | undefined>((best, next) => (best === undefined || distance(next) < distance(best) ? next : best), undefined);
  if (nearest === undefined) return effort;
  out.context.warn({ kind: 'approximated', setting: 'reasoning.effort', detail: `this server does not take ${effort}; ${nearest} is its nearest` });
  return nearest;
}

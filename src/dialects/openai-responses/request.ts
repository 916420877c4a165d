import type { ChatRequest, OutputFormat } from '../../types/chat.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { RequestContext } from '../dialect.js';
import { dataFor, mergeOptions } from '../options.js';
import { toInput } from './input.js';
import type { ResponsesQuirks } from './quirks.js';
import { toToolChoice, toTools } from './tools.js';
import { namesOf } from './wire.js';

/** A request as the server takes it. Settings the protocol has no word for are warned of. */
export function toRequest(request: ChatRequest, context: RequestContext, quirks: ResponsesQuirks): JsonObject {
  for (const setting of WITHOUT_WORD) {
    if (request[setting] !== undefined) context.warn({ kind: 'dropped', setting, detail: `${context.provider} has no such setting in its Responses API` });
  }
  if (request.reasoning?.maxTokens !== undefined) {
    context.warn({ kind: 'dropped', setting: 'reasoning.maxTokens', detail: `${context.provider} takes no budget for reasoning; set reasoning.effort` });
  }
  const names = namesOf(context);
  const store = dataFor(request.providerOptions, names)?.['store'];
  const stored = typeof store === 'boolean' ? store : !quirks.stateless;
  const { instructions, input } = toInput(request.messages, context, { systemPrompt: quirks.systemPrompt, stored });
  const tools = toTools(request.tools ?? [], context);

  const body: { [key: string]: Json } = { model: context.model };
  if (instructions !== undefined) body['instructions'] = instructions;
  body['input'] = input;
  if (tools.length > 0) body['tools'] = tools;
  const choice = request.toolChoice === undefined ? undefined : toToolChoice(request.toolChoice, request.tools ?? [], tools, context);
  if (choice !== undefined) body['tool_choice'] = choice;
  if (request.parallelToolCalls !== undefined) body['parallel_tool_calls'] = request.parallelToolCalls;
  if (request.output !== undefined) body['text'] = { format: toFormat(request.output) };
  if (request.maxTokens !== undefined) body['max_output_tokens'] = maxOutputTokens(request.maxTokens, context);
  if (request.temperature !== undefined) body['temperature'] = request.temperature;
  if (request.topP !== undefined) body['top_p'] = request.topP;
  if (request.reasoning?.effort !== undefined) body['reasoning'] = { effort: request.reasoning.effort };
  if (quirks.stateless) body['store'] = false;
  if (!stored && wantsEncryptedReasoning(request, context.model, quirks)) body['include'] = ['reasoning.encrypted_content'];
  if (context.streaming) body['stream'] = true;
  return mergeOptions(body, request, names);
}

/** The least that the server takes. Source: its published schema. */
const MIN_OUTPUT_TOKENS = 16;

function maxOutputTokens(maxTokens: number, context: RequestContext): number {
  if (maxTokens >= MIN_OUTPUT_TOKENS) return maxTokens;
  context.warn({ kind: 'approximated', setting: 'maxTokens', detail: `${context.provider} takes at least ${MIN_OUTPUT_TOKENS}` });
  return MIN_OUTPUT_TOKENS;
}

const WITHOUT_WORD = ['topK', 'stop', 'seed', 'presencePenalty', 'frequencyPenalty'] as const;

function toFormat(output: OutputFormat): JsonObject {
  if (output.schema === undefined) return { type: 'json_object' };
  return { type: 'json_schema', name: output.name ?? 'answer', schema: output.schema, ...(output.strict !== undefined && { strict: output.strict }) };
}

// o1, o3-mini, gpt-5.2-codex, openai/gpt-5, codex-mini-latest; not gpt-5-chat-latest, which does not reason.
const REASONING_MODEL = /^(?:[\w.-]+\/)?(?:o\d|gpt-(?:[5-9]|\d\d)(?!.*chat)|codex-)/i;

function wantsEncryptedReasoning(request: ChatRequest, model: string, { encryptedReasoning }: ResponsesQuirks): boolean {
  switch (encryptedReasoning) {
    case 'always':
      return true;
    case 'never':
      return false;
    case 'known-models':
      return request.reasoning?.effort !== undefined || REASONING_MODEL.test(model);
    default:
      return encryptedReasoning satisfies never;
  }
}

import type { ChatRequest, OutputFormat } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { ProviderTool, ToolChoice, ToolDefinition } from '../../types/tool.js';
import { checkedBoolean, checkedChoice, checkedInteger, checkedList, checkedName, checkedNumber, checkedObject, checkedString, optional, refuse } from '../checked.js';
import { readMessages } from './from-messages.js';
import { cacheMarks } from './from-parts.js';
import type { ReasoningEffort } from './quirks.js';
import { asJson, DIALECT, isObject, otherMembers, type WireObject } from './wire.js';

/** What only the encoder of the answer needs. */
export interface ChatAsked {
  /** The client wants the usage as a last chunk of the stream. */
  readonly includeUsage: boolean;
  /** The client named its tools `functions`, and reads `function_call`. */
  readonly legacyFunctions: boolean;
}

/** Reads a client's request. What has no field in `ChatRequest` goes to `providerOptions` under the dialect's name. */
export function fromRequest(value: unknown): { readonly request: ChatRequest; readonly streaming: boolean; readonly asked: ChatAsked } {
  const body = checkedObject(value, 'the request body');
  const legacyFunctions = !body['tools'] && Array.isArray(body['functions']);
  const streamOptions = optional(body['stream_options'], 'stream_options', checkedObject);
  const request: ChatRequest = {
    model: checkedName(body['model'], 'model'),
    messages: readMessages(body['messages']),
    ...readTools(body),
    ...given('parallelToolCalls', optional(body['parallel_tool_calls'], 'parallel_tool_calls', checkedBoolean)),
    ...given('output', optional(body['response_format'], 'response_format', readOutput)),
    ...given('maxTokens', optional(body['max_completion_tokens'], 'max_completion_tokens', checkedInteger) ?? optional(body['max_tokens'], 'max_tokens', checkedInteger)),
    ...given('temperature', optional(body['temperature'], 'temperature', checkedNumber)),
    ...given('topP', optional(body['top_p'], 'top_p', checkedNumber)),
    ...given('topK', optional(body['top_k'], 'top_k', checkedInteger)),
    ...given('stop', optional(body['stop'], 'stop', readStop)),
    ...given('seed', optional(body['seed'], 'seed', checkedInteger)),
    ...given('presencePenalty', optional(body['presence_penalty'], 'presence_penalty', checkedNumber)),
    ...given('frequencyPenalty', optional(body['frequency_penalty'], 'frequency_penalty', checkedNumber)),
    ...given('reasoning', readReasoning(body)),
    ...given('providerOptions', readOthers(body, streamOptions)),
  };
  return {
    request,
    streaming: optional(body['stream'], 'stream', checkedBoolean) ?? false,
    asked: { includeUsage: streamOptions?.['include_usage'] === true, legacyFunctions },
  };
}

/** The member, unless it is undefined. */
function given<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: V }); // a computed key widens to string
}

function readTools(body: WireObject): Pick<ChatRequest, 'tools' | 'toolChoice'> {
  const tools = [
    ...(optional(body['tools'], 'tools', checkedList) ?? []).map((tool, index) => readTool(tool, `tools[${index}]`)),
    ...(optional(body['functions'], 'functions', checkedList) ?? []).map((tool, index) => readFunction(checkedObject(tool, `functions[${index}]`), `functions[${index}]`)),
  ];
  const wire = keptChoice(body) === undefined ? body['tool_choice'] : undefined;
  const choice = optional(wire, 'tool_choice', readToolChoice) ?? optional(body['function_call'], 'function_call', readToolChoice);
  return { ...(tools.length > 0 && { tools }), ...(choice !== undefined && { toolChoice: choice }) };
}

/** A function; anything else is a tool that only a server of this protocol can run. Mistral leaves the type out. */
function readTool(value: unknown, field: string): ToolDefinition | ProviderTool {
  const wire = checkedObject(value, field);
  const type = wire['type'] ?? 'function';
  if (type === 'function') return { ...readFunction(checkedObject(wire['function'], `${field}.function`), `${field}.function`), ...cacheMarks(wire) };
  checkedName(type, `${field}.type`);
  return { type: 'provider', provider: DIALECT, definition: asJson(wire) as JsonObject }; // checked to be an object
}

function readFunction(wire: WireObject, field: string): ToolDefinition {
  const description = optional(wire['description'], `${field}.description`, checkedString);
  const strict = optional(wire['strict'], `${field}.strict`, checkedBoolean);
  // Without parameters it is a function that takes none.
  const parameters = optional(wire['parameters'], `${field}.parameters`, checkedObject) ?? { type: 'object', properties: {} };
  return {
    name: checkedName(wire['name'], `${field}.name`),
    ...(description !== undefined && { description }),
    parameters: asJson(parameters) as JsonObject, // checked to be an object
    ...(strict !== undefined && { strict }),
  };
}

/** A choice that `ToolChoice` cannot say (`allowed_tools`). */
function keptChoice(body: WireObject): WireObject | undefined {
  const choice = body['tool_choice'];
  return isObject(choice) && choice['type'] === 'allowed_tools' ? choice : undefined;
}

function readToolChoice(value: unknown, field: string): ToolChoice {
  if (value === 'any') return 'required';
  if (typeof value === 'string') return checkedChoice(value, field, ['auto', 'none', 'required'] as const);
  const wire = checkedObject(value, field);
  const named = isObject(wire['function']) ? wire['function'] : isObject(wire['custom']) ? wire['custom'] : wire;
  return { tool: checkedName(named['name'], `${field}.function.name`) };
}

function readOutput(value: unknown, field: string): OutputFormat | undefined {
  const wire = checkedObject(value, field);
  const type = checkedChoice(wire['type'], `${field}.type`, ['text', 'json_object', 'json_schema']);
  if (type === 'text') return undefined;
  if (type === 'json_object') return { type: 'json' };
  const format = checkedObject(wire['json_schema'], `${field}.json_schema`);
  const name = optional(format['name'], `${field}.json_schema.name`, checkedString);
  const strict = optional(format['strict'], `${field}.json_schema.strict`, checkedBoolean);
  const schema = optional(format['schema'], `${field}.json_schema.schema`, checkedObject);
  return {
    type: 'json',
    ...(schema !== undefined && { schema: asJson(schema) as JsonObject }), // checked to be an object
    ...(name !== undefined && { name }),
    ...(strict !== undefined && { strict }),
  };
}

function readStop(value: unknown, field: string): readonly string[] {
  return typeof value === 'string' ? [value] : checkedList(value, field).map((item, index) => checkedString(item, `${field}[${index}]`));
}

const EFFORTS: readonly ReasoningEffort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];

/** `reasoning_effort`, or OpenRouter's `reasoning` with an effort or a number of tokens. */
function readReasoning(body: WireObject): ChatRequest['reasoning'] | undefined {
  const wire = optional(body['reasoning'], 'reasoning', checkedObject);
  const nested = wire && optional(wire['effort'], 'reasoning.effort', (value, field) => checkedChoice(value, field, EFFORTS));
  const effort = nested ?? optional(body['reasoning_effort'], 'reasoning_effort', (value, field) => checkedChoice(value, field, EFFORTS));
  const maxTokens = wire && optional(wire['max_tokens'], 'reasoning.max_tokens', checkedInteger);
  if (effort === undefined && maxTokens === undefined) return undefined;
  return { ...(effort !== undefined && { effort }), ...(maxTokens !== undefined && { maxTokens }) };
}

function readOthers(body: WireObject, streamOptions: WireObject | undefined): ChatRequest['providerOptions'] | undefined {
  const others = otherMembers(body, READ);
  const reasoning = isObject(body['reasoning']) ? otherMembers(body['reasoning'], READ_OF_REASONING) : undefined;
  const stream = streamOptions && otherMembers(streamOptions, READ_OF_STREAM);
  if (Object.hasOwn(body, '__proto__')) refuse('__proto__', 'no such key', undefined);
  const choice = keptChoice(body);
  if (others === undefined && reasoning === undefined && stream === undefined && choice === undefined) return undefined;
  return { [DIALECT]: { ...others, ...(choice !== undefined && { tool_choice: asJson(choice) }), ...(reasoning !== undefined && { reasoning }), ...(stream !== undefined && { stream_options: stream }) } };
}

const READ_OF_REASONING: ReadonlySet<string> = new Set(['effort', 'max_tokens']);
const READ_OF_STREAM: ReadonlySet<string> = new Set(['include_usage']);

const READ: ReadonlySet<string> = new Set([
  'model', 'messages', 'tools', 'functions', 'tool_choice', 'function_call', 'parallel_tool_calls', 'response_format', 'max_completion_tokens', 'max_tokens',
  'temperature', 'top_p', 'top_k', 'stop', 'seed', 'presence_penalty', 'frequency_penalty', 'reasoning', 'reasoning_effort', 'stream', 'stream_options',
]);

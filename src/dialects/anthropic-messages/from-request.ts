import type { ChatRequest, OutputFormat } from '../../types/chat.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { Message } from '../../types/message.js';
import type { JsonSchema, ProviderTool, ToolChoice, ToolDefinition } from '../../types/tool.js';
import { fromMessage, fromSystem } from './from-message.js';
import { checkedBoolean, checkedCount, checkedList, checkedNumber, checkedObject, checkedString, optional, refusal } from '../checked.js';
import { dataField, DIALECT, extrasOf, isObject, jsonOf, textOf, type Wire } from './wire.js';

/** What only the answer's encoder needs. */
export interface AnthropicAsked {
  /** The model as the client named it. */
  readonly model: string;
}

interface Asked {
  readonly request: ChatRequest;
  readonly streaming: boolean;
  readonly asked: AnthropicAsked;
}

// What the request schema has a place for; everything else goes on in `providerOptions`.
const NAMED: ReadonlySet<string> = new Set([
  'model', 'max_tokens', 'messages', 'system', 'tools', 'tool_choice', 'stop_sequences', 'stream',
  'temperature', 'top_p', 'top_k', 'thinking', 'output_config', 'output_format',
]);
const TOOL: ReadonlySet<string> = new Set(['type', 'name', 'description', 'input_schema', 'strict']);
const EFFORTS: ReadonlySet<unknown> = new Set(['low', 'medium', 'high', 'xhigh', 'max']);

/**
 * A request as a client of the API sends it. What has no place in `ChatRequest` (`metadata`, `container`, `service_tier`,
 * `context_management`, adaptive thinking …) is kept in `providerOptions` under the name of the protocol, in the wire's words.
 */
export function fromRequest(body: unknown): Asked {
  const wire = checkedObject(body, 'body');
  const model = checkedString(wire['model'], 'model');
  const system = optional(wire['system'], 'system', fromSystem);
  const messages = checkedList(wire['messages'], 'messages').flatMap((message, index) => fromMessage(message, `messages[${index}]`));
  const choice = optional(wire['tool_choice'], 'tool_choice', fromToolChoice);
  const { reasoning, options: thinkingOptions } = fromThinking(wire);
  const output = fromOutput(wire);
  const options = { ...extrasOf(wire, NAMED), ...thinkingOptions };
  const request: ChatRequest = {
    model,
    messages: system === undefined || system.length === 0 ? messages : [{ role: 'system', content: system } satisfies Message, ...messages],
    maxTokens: checkedCount(wire['max_tokens'], 'max_tokens'),
    ...present('tools', optional(wire['tools'], 'tools', fromTools)),
    ...choice,
    ...present('output', output),
    ...present('temperature', optional(wire['temperature'], 'temperature', checkedNumber)),
    ...present('topP', optional(wire['top_p'], 'top_p', checkedNumber)),
    ...present('topK', optional(wire['top_k'], 'top_k', checkedCount)),
    ...present('stop', optional(wire['stop_sequences'], 'stop_sequences', fromStops)),
    ...present('reasoning', reasoning),
    ...(Object.keys(options).length > 0 && { providerOptions: { [DIALECT]: options } }),
  };
  return { request, streaming: optional(wire['stream'], 'stream', checkedBoolean) ?? false, asked: { model } };
}

function present<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  // A computed key widens to `string`; there is only this one.
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: V });
}

function fromStops(value: unknown, field: string): readonly string[] {
  return checkedList(value, field).map((stop, index) => checkedString(stop, `${field}[${index}]`));
}

function fromTools(value: unknown, field: string): readonly (ToolDefinition | ProviderTool)[] {
  return checkedList(value, field).map((item, index) => fromTool(checkedObject(item, `${field}[${index}]`), `${field}[${index}]`));
}

function fromTool(tool: Wire, field: string): ToolDefinition | ProviderTool {
  const type = tool['type'] ?? 'custom';
  // The vendor's own tools have a dated type; some of them it runs, some the client, but only it knows their schema.
  if (type !== 'custom') return { type: 'provider', provider: DIALECT, definition: jsonOf(tool) as JsonObject };
  return {
    name: checkedString(tool['name'], `${field}.name`),
    ...present('description', optional(tool['description'], `${field}.description`, checkedString)),
    // An object by the check; JSON by where it comes from.
    parameters: checkedObject(tool['input_schema'], `${field}.input_schema`) as JsonSchema,
    ...present('strict', optional(tool['strict'], `${field}.strict`, checkedBoolean)),
    ...dataField(DIALECT, extrasOf(tool, TOOL)),
  };
}

function fromToolChoice(value: unknown, field: string): Pick<ChatRequest, 'toolChoice' | 'parallelToolCalls'> {
  const choice = checkedObject(value, field);
  const serial = optional(choice['disable_parallel_tool_use'], `${field}.disable_parallel_tool_use`, checkedBoolean);
  return { toolChoice: choiceOf(choice, field), ...(serial !== undefined && { parallelToolCalls: !serial }) };
}

function choiceOf(choice: Wire, field: string): ToolChoice {
  switch (choice['type']) {
    case 'auto':
      return 'auto';
    case 'any':
      return 'required';
    case 'none':
      return 'none';
    case 'tool':
      return { tool: checkedString(choice['name'], `${field}.name`) };
    default:
      throw refusal(`${field}.type`, "must be 'auto', 'any', 'tool' or 'none'");
  }
}

/** `output_config.format`, or `output_format` as its beta was called. */
function fromOutput(wire: Wire): OutputFormat | undefined {
  const config = optional(wire['output_config'], 'output_config', checkedObject);
  const [format, field] = config?.['format'] ? [config['format'], 'output_config.format'] : [wire['output_format'], 'output_format'];
  return optional(format, field, (value) => {
    const { type, schema } = checkedObject(value, field);
    if (type !== 'json_schema') throw refusal(`${field}.type`, "must be 'json_schema'");
    // An object by the check; JSON by where it comes from.
    return { type: 'json', schema: checkedObject(schema, `${field}.schema`) as JsonSchema };
  });
}

interface Thinking {
  readonly reasoning?: ChatRequest['reasoning'];
  readonly options: { readonly [key: string]: Json };
}

/**
 * Thinking that other vendors have a word for becomes `reasoning`; the rest stays an option: adaptive and between-tools thinking,
 * how it is shown, and an effort without thinking, which is about the length of the answer.
 */
function fromThinking(wire: Wire): Thinking {
  const config = optional(wire['output_config'], 'output_config', checkedObject) ?? {};
  const { format: _format, effort, ...moreOutput } = config;
  if (effort !== undefined && effort !== null && !EFFORTS.has(effort)) throw refusal('output_config.effort', "must be 'low', 'medium', 'high', 'xhigh' or 'max'");
  const thinking = optional(wire['thinking'], 'thinking', checkedObject);
  const { type, budget_tokens: budget, ...shown } = thinking ?? {};
  const thinks = type === 'enabled' || type === 'adaptive';
  // One of the five, by the check above.
  const level = thinks ? (textOf(effort) as 'low' | 'medium' | 'high' | 'xhigh' | 'max' | undefined) : undefined;
  const outputOptions = extrasOf({ ...moreOutput, ...(level === undefined && { effort }) }, NOTHING);
  const thinkingOptions = type === 'enabled' || type === 'disabled' ? extrasOf(shown, NOTHING) : isObject(thinking) ? (thinking as JsonObject) : undefined;
  const options = { ...(outputOptions && { output_config: outputOptions }), ...(thinkingOptions && { thinking: thinkingOptions }) };
  if (type === 'disabled') return { reasoning: { effort: 'none' }, options };
  if (type === 'enabled') return { reasoning: { maxTokens: checkedCount(budget, 'thinking.budget_tokens'), ...(level && { effort: level }) }, options };
  return { ...(level && { reasoning: { effort: level } }), options };
}

const NOTHING: ReadonlySet<string> = new Set();

import type { ChatRequest, OutputFormat } from '../../types/chat.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { ProviderTool, ToolChoice, ToolDefinition } from '../../types/tool.js';
import { fromInput } from './from-input.js';
import { checkedBoolean, checkedCount, checkedList, checkedNumber, checkedObject, checkedString, optional, refusal } from '../checked.js';
import { DIALECT, membersBut, objectOf } from './wire.js';

/** What only the answer's encoder needs. */
export interface ResponsesAsked {
  /** The model as the client named it. */
  readonly model: string;
  /** Every setting but the input, in the wire's words: a response repeats them. */
  readonly settings: JsonObject;
}

type Effort = NonNullable<NonNullable<ChatRequest['reasoning']>['effort']>;

/**
 * A request as a client of the API sends it. What has no place in `ChatRequest` (`previous_response_id`, `include`,
 * `metadata`, `store`, `text.verbosity`, reasoning summaries …) is kept in `providerOptions['openai-responses']`, in the
 * wire's words, and reaches servers that speak this protocol.
 */
export function fromRequest(body: unknown): { readonly request: ChatRequest; readonly streaming: boolean; readonly asked: ResponsesAsked } {
  const wire = checkedObject(body, 'body');
  const model = checkedString(wire['model'], 'model');
  const instructions = optional(wire['instructions'], 'instructions', checkedString);
  const messages = optional(wire['input'], 'input', fromInput) ?? [];
  if (messages.length === 0 && !CONTINUATIONS.some((name) => wire[name] !== undefined && wire[name] !== null)) {
    throw refusal('input', 'must be a text or a list of at least one item');
  }
  const choice = fromToolChoice(wire['tool_choice']);
  const text = fromText(wire['text']);
  const reasoning = fromReasoning(wire['reasoning']);
  const options: { [key: string]: Json } = { ...membersBut(wire, NAMED), ...choice.options, ...text.options, ...reasoning.options };
  const tools = optional(wire['tools'], 'tools', fromTools);
  const parallelToolCalls = optional(wire['parallel_tool_calls'], 'parallel_tool_calls', checkedBoolean);
  const maxTokens = optional(wire['max_output_tokens'], 'max_output_tokens', checkedCount);
  const temperature = optional(wire['temperature'], 'temperature', checkedNumber);
  const topP = optional(wire['top_p'], 'top_p', checkedNumber);
  const request: ChatRequest = {
    model,
    messages: instructions === undefined ? messages : [{ role: 'system', content: instructions }, ...messages],
    ...(tools !== undefined && { tools }),
    ...(choice.toolChoice !== undefined && { toolChoice: choice.toolChoice }),
    ...(parallelToolCalls !== undefined && { parallelToolCalls }),
    ...(text.output !== undefined && { output: text.output }),
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(reasoning.effort !== undefined && { reasoning: { effort: reasoning.effort } }),
    ...(Object.keys(options).length > 0 && { providerOptions: { [DIALECT]: options } }),
  };
  return { request, streaming: optional(wire['stream'], 'stream', checkedBoolean) ?? false, asked: { model, settings: membersBut(wire, NOT_SETTINGS) ?? {} } };
}

function fromTools(value: unknown, field: string): readonly (ToolDefinition | ProviderTool)[] {
  return checkedList(value, field).map((item, index) => fromTool(checkedObject(item, `${field}[${index}]`), `${field}[${index}]`));
}

function fromTool(tool: JsonObject, field: string): ToolDefinition | ProviderTool {
  if (checkedString(tool['type'], `${field}.type`) !== 'function') return { type: 'provider', provider: DIALECT, definition: tool };
  const strict = optional(tool['strict'], `${field}.strict`, checkedBoolean);
  const description = optional(tool['description'], `${field}.description`, checkedString);
  const rest = membersBut(tool, TOOL);
  // Not said means "strict where the schema allows" here, and nowhere else: only a server of this protocol is told so.
  const data = { ...rest, ...(strict === undefined && { strict: null }) };
  return {
    name: checkedString(tool['name'], `${field}.name`),
    ...(description !== undefined && { description }),
    parameters: optional(tool['parameters'], `${field}.parameters`, checkedObject) ?? { type: 'object', properties: {} },
    ...(strict !== undefined && { strict }),
    ...(Object.keys(data).length > 0 && { providerData: { [DIALECT]: data } }),
  };
}

/** A choice that the request has no word for (`allowed_tools`, a server tool by type) goes on as an option. */
function fromToolChoice(choice: Json | undefined): { readonly toolChoice?: ToolChoice; readonly options?: JsonObject } {
  if (choice === undefined || choice === null) return {};
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { toolChoice: choice };
  const wire = checkedObject(choice, 'tool_choice');
  if (wire['type'] === 'function' || wire['type'] === 'custom') return { toolChoice: { tool: checkedString(wire['name'], 'tool_choice.name') } };
  checkedString(wire['type'], 'tool_choice.type');
  return { options: { tool_choice: wire } };
}

function fromText(value: Json | undefined): { readonly output?: OutputFormat; readonly options?: JsonObject } {
  const text = optional(value, 'text', checkedObject);
  if (text === undefined) return {};
  const format = optional(text['format'], 'text.format', checkedObject);
  const rest = membersBut(text, FORMAT_ONLY);
  switch (format?.['type']) {
    case undefined:
    case 'text':
      return rest === undefined ? {} : { options: { text: rest } };
    case 'json_object':
      return { output: { type: 'json' }, ...(rest && { options: { text: rest } }) };
    case 'json_schema': {
      const name = optional(format?.['name'], 'text.format.name', checkedString);
      const strict = optional(format?.['strict'], 'text.format.strict', checkedBoolean);
      const ofFormat = format && membersBut(format, FORMAT);
      const options = { ...rest, ...(ofFormat && { format: ofFormat }) };
      return {
        output: { type: 'json', schema: checkedObject(format?.['schema'], 'text.format.schema'), ...(name !== undefined && { name }), ...(strict !== undefined && { strict }) },
        ...(Object.keys(options).length > 0 && { options: { text: options } }),
      };
    }
    default:
      throw refusal('text.format.type', "must be 'text', 'json_object' or 'json_schema'");
  }
}

function fromReasoning(value: Json | undefined): { readonly effort?: Effort; readonly options?: JsonObject } {
  const reasoning = optional(value, 'reasoning', checkedObject);
  if (reasoning === undefined) return {};
  const effort = optional(reasoning['effort'], 'reasoning.effort', effortAt);
  const rest = membersBut(reasoning, EFFORT_ONLY);
  return { ...(effort !== undefined && { effort }), ...(objectOf(rest) && { options: { reasoning: rest ?? {} } }) };
}

function effortAt(value: unknown, field: string): Effort {
  const effort = EFFORTS.find((known) => known === value);
  if (effort === undefined) throw refusal(field, `must be one of ${EFFORTS.join(', ')}`);
  return effort;
}

const EFFORTS: readonly Effort[] = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'];
/** With one of these the server already has something to answer. */
const CONTINUATIONS = ['previous_response_id', 'conversation', 'prompt'] as const;
/** What the request has a place for. */
const NAMED: ReadonlySet<string> = new Set([
  'model', 'input', 'instructions', 'stream', 'tools', 'tool_choice', 'parallel_tool_calls', 'text', 'max_output_tokens', 'temperature', 'top_p', 'reasoning',
]);
const NOT_SETTINGS: ReadonlySet<string> = new Set(['model', 'input', 'stream', 'stream_options', 'include']);
const TOOL: ReadonlySet<string> = new Set(['type', 'name', 'description', 'parameters', 'strict']);
const FORMAT_ONLY: ReadonlySet<string> = new Set(['format']);
const EFFORT_ONLY: ReadonlySet<string> = new Set(['effort']);
const FORMAT: ReadonlySet<string> = new Set(['type', 'name', 'schema', 'strict']);

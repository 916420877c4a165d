import type { ChatRequest } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { ProviderTool, ToolDefinition } from '../../types/tool.js';
import type { RequestContext } from '../dialect.js';
import type { ModelTraits } from './models.js';
import { toEnforcedSchema } from './schema.js';
import { dataOf, DIALECT } from './wire.js';

/** `tools`: our own in the wire's shape, this vendor's as they are, other vendors' dropped. */
export function toTools(tools: ChatRequest['tools'], context: RequestContext): readonly JsonObject[] {
  const wire: JsonObject[] = [];
  for (const [index, tool] of (tools ?? []).entries()) {
    if (!isProviderTool(tool)) wire.push(toTool(tool, `tools[${index}]`, context));
    else if ([context.provider, context.vendor, DIALECT].includes(tool.provider)) wire.push(tool.definition);
    else context.warn({ kind: 'dropped', setting: `tools[${index}]`, detail: `a tool that ${tool.provider} runs cannot be run by ${context.provider}` });
  }
  return wire;
}

function isProviderTool(tool: ToolDefinition | ProviderTool): tool is ProviderTool {
  return 'type' in tool && tool.type === 'provider';
}

function toTool(tool: ToolDefinition, path: string, context: RequestContext): JsonObject {
  // The API refuses a schema without a type; a tool without parameters often comes with an empty one.
  const parameters = tool.parameters['type'] === undefined ? { ...tool.parameters, type: 'object' } : tool.parameters;
  return {
    ...dataOf(tool, context),
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    input_schema: tool.strict === true ? toEnforcedSchema(parameters, `${path}.parameters`, context) : parameters,
    ...(tool.strict !== undefined && { strict: tool.strict }),
  };
}

/** `tool_choice`, which also says whether calls may be parallel. Undefined when the request asks for neither, or has no tools: the API refuses it then. */
export function toToolChoice(request: ChatRequest, toolCount: number, traits: ModelTraits, context: RequestContext): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  if (toolCount === 0) {
    if (isForced(toolChoice)) context.warn({ kind: 'dropped', setting: 'toolChoice', detail: 'there is no tool to choose' });
    return undefined;
  }
  if (toolChoice === undefined && parallelToolCalls === undefined) return undefined;
  if (toolChoice === 'none') return { type: 'none' };
  return { ...choiceOf(toolChoice, traits, context), ...(parallelToolCalls !== undefined && { disable_parallel_tool_use: !parallelToolCalls }) };
}

function choiceOf(choice: ChatRequest['toolChoice'], traits: ModelTraits, context: RequestContext): JsonObject {
  if (choice === undefined || choice === 'auto' || choice === 'none') return { type: 'auto' };
  if (!traits.forcedTools) {
    context.warn({ kind: 'approximated', setting: 'toolChoice', detail: `${context.model} cannot be made to call a tool; it decides itself` });
    return { type: 'auto' };
  }
  return choice === 'required' ? { type: 'any' } : { type: 'tool', name: choice.tool };
}

/** Whether the model has to call a tool. */
export function isForced(choice: ChatRequest['toolChoice']): boolean {
  return choice === 'required' || typeof choice === 'object';
}

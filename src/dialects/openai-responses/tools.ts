import type { JsonObject } from '../../types/json.js';
import type { ProviderTool, ToolChoice, ToolDefinition } from '../../types/tool.js';
import type { RequestContext } from '../dialect.js';
import { dataFor } from '../options.js';
import { namesOf } from './wire.js';

type Tool = ToolDefinition | ProviderTool;

/** Tools as the server takes them: functions flat, its own tools (web search, custom tools, MCP …) in their own words. */
export function toTools(tools: readonly Tool[], context: RequestContext): readonly JsonObject[] {
  const names = namesOf(context);
  return tools.flatMap((tool, index) => {
    if (!('type' in tool)) return [toFunction(tool, names)];
    if (names.includes(tool.provider)) return [tool.definition];
    context.warn({ kind: 'dropped', setting: `tools[${index}]`, detail: `a tool that ${tool.provider} runs cannot be run by ${context.provider}` });
    return [];
  });
}

function toFunction(tool: ToolDefinition, names: readonly string[]): JsonObject {
  const { strict, ...own } = dataFor(tool.providerData, names) ?? {};
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    parameters: tool.parameters,
    // Left out it means strict where the schema allows: every property required. Elsewhere it means not strict, so that is
    // said, unless the tool came from a client of this protocol that left it out.
    ...((tool.strict !== undefined || strict !== null) && { strict: tool.strict ?? strict ?? false }),
    ...own,
  };
}

/**
 * A forced tool may be a function, a custom tool, or a tool of the server named by its type. Undefined, with a warning, where
 * none of the tools could be sent: the server refuses a call to be made then.
 */
export function toToolChoice(choice: ToolChoice, tools: readonly Tool[], sent: readonly JsonObject[], context: RequestContext): string | JsonObject | undefined {
  if (choice !== 'auto' && choice !== 'none' && tools.length > 0 && sent.length === 0) {
    context.warn({ kind: 'dropped', setting: 'toolChoice', detail: 'there is no tool left to choose' });
    return undefined;
  }
  if (typeof choice === 'string') return choice;
  const own = tools.flatMap((tool) => ('type' in tool ? [tool.definition] : []));
  if (own.some(({ type, name }) => type === 'custom' && name === choice.tool)) return { type: 'custom', name: choice.tool };
  const isFunction = tools.some((tool) => !('type' in tool) && tool.name === choice.tool);
  if (!isFunction && own.some(({ type }) => type === choice.tool)) return { type: choice.tool };
  return { type: 'function', name: choice.tool };
}

import type { ChatRequest } from '../../types/chat.js';
import type { Json, JsonObject } from '../../types/json.js';
import type { ToolDefinition } from '../../types/tool.js';
import { cacheMark, dropped, type Outgoing } from './user-parts.js';
import { objectOf } from './wire.js';

/** `tools`, `tool_choice` and `parallel_tool_calls`; the latter two only beside tools, or servers refuse them. */
export function toolMembers(request: ChatRequest, out: Outgoing): JsonObject {
  const tools = (request.tools ?? []).map((tool) => ('type' in tool ? providerTool(tool, out) : functionTool(tool, out))).filter((tool) => tool !== undefined);
  if (tools.length === 0) return {};
  const choice = takenChoice(request.toolChoice, out);
  if (choice === 'without-tools') return {};
  const parallel = request.parallelToolCalls;
  const refused = parallel !== undefined && out.quirks.unsupported.includes('parallelToolCalls');
  if (refused) dropped(out, 'parallelToolCalls', 'this server does not take it');
  return {
    tools,
    ...(choice !== undefined && { tool_choice: wireChoice(choice, tools, out) }),
    ...(parallel !== undefined && !refused && { parallel_tool_calls: parallel }),
  };
}

type ToolChoice = NonNullable<ChatRequest['toolChoice']>;

/** The choice, or the nearest that this server takes. */
function takenChoice(choice: ToolChoice | undefined, out: Outgoing): ToolChoice | 'without-tools' | undefined {
  if (choice === undefined) return undefined;
  const { toolChoices } = out.quirks;
  if (toolChoices.includes(typeof choice === 'object' ? 'named' : choice)) return choice;
  const nearest = choice === 'none' ? 'without-tools' : typeof choice === 'object' && toolChoices.includes('required') ? 'required' : undefined;
  if (choice !== 'auto') out.context.warn({ kind: 'approximated', setting: 'toolChoice', detail: INSTEAD[nearest ?? 'auto'] });
  return nearest;
}

const INSTEAD = {
  'without-tools': 'this server cannot be told to call none of the tools; they were left out',
  required: 'this server cannot be told which tool to call; it has to call one of them',
  auto: 'this server cannot be made to call a tool; the model decides itself',
} as const;

function functionTool(tool: ToolDefinition, out: Outgoing): JsonObject {
  const { name, description, parameters, strict } = tool;
  const refused = strict === true && out.quirks.unsupported.includes('strictTools');
  if (refused) dropped(out, 'strict', 'this server does not hold tool arguments to their schema');
  return {
    type: 'function',
    function: { name, ...(description !== undefined && { description }), parameters, ...(strict !== undefined && !out.quirks.unsupported.includes('strictTools') && { strict }) },
    ...cacheMark(tool, out),
  };
}

function providerTool(tool: { readonly provider: string; readonly definition: JsonObject }, out: Outgoing): JsonObject | undefined {
  if (out.names.includes(tool.provider) || tool.provider === out.context.provider) return tool.definition;
  return dropped(out, 'tools', `a tool that ${tool.provider} runs`);
}

function wireChoice(choice: ToolChoice, tools: readonly JsonObject[], out: Outgoing): Json {
  if (choice === 'required') return out.quirks.requiredToolChoice;
  if (typeof choice === 'string') return choice;
  const custom = tools.some((tool) => tool['type'] === 'custom' && objectOf(tool['custom'])['name'] === choice.tool);
  return custom ? { type: 'custom', custom: { name: choice.tool } } : { type: 'function', function: { name: choice.tool } };
}

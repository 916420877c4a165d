import type { ChatRequest } from '../../types/chat.js';
import type { JsonObject } from '../../types/json.js';
import type { ProviderTool, ToolDefinition } from '../../types/tool.js';
import { dataFor } from '../options.js';
import type { GoogleQuirks } from './generation.js';
import type { Translation } from './translation.js';
import { isEmpty } from './wire.js';

/** `tools` and `toolConfig`, where there is anything to say. */
export function toTools(request: ChatRequest, translation: Translation, quirks: GoogleQuirks): JsonObject {
  const functions: ToolDefinition[] = [];
  const tools: JsonObject[] = [];
  for (const [at, tool] of (request.tools ?? []).entries()) {
    if (!isProviderTool(tool)) functions.push(tool);
    else if (tool.provider === translation.vendor || tool.provider === translation.provider) tools.push(tool.definition);
    else translation.warn({ kind: 'dropped', setting: `tools[${at}]`, detail: `this tool is run by ${tool.provider}` });
  }
  if (functions.length > 0) tools.push({ functionDeclarations: functions.map((tool) => declaration(tool, translation)) });
  if (request.parallelToolCalls === false) {
    translation.warn({ kind: 'dropped', setting: 'parallelToolCalls', detail: 'this API cannot be told to call one tool at a time' });
  }
  const functionCallingConfig = callingConfig(request, functions, translation, quirks);
  return {
    ...(tools.length > 0 && { tools }),
    ...(!isEmpty(functionCallingConfig) && { toolConfig: { functionCallingConfig } }),
  };
}

/** JSON Schema as it is: the older `parameters` takes an OpenAPI subset, and the two exclude each other. */
function declaration(tool: ToolDefinition, { vendor }: Translation): JsonObject {
  return {
    ...dataFor(tool.providerData, [vendor]),
    name: tool.name,
    ...(tool.description !== undefined && { description: tool.description }),
    parametersJsonSchema: tool.parameters,
  };
}

function callingConfig(request: ChatRequest, functions: readonly ToolDefinition[], translation: Translation, quirks: GoogleQuirks): JsonObject {
  const choice = request.toolChoice;
  if (functions.length === 0) {
    // Refused by the API without a function to choose from.
    if (choice !== undefined && choice !== 'auto' && choice !== 'none') {
      translation.warn({ kind: 'dropped', setting: 'toolChoice', detail: 'there is no function to choose' });
    }
    return {};
  }
  // Only these modes hold the arguments to the schema: ANY, and VALIDATED where the model may also answer in words.
  const strict = functions.some((tool) => tool.strict === true);
  return {
    ...mode(choice, strict),
    ...(translation.streaming && quirks.streamFunctionArguments === true && { streamFunctionCallArguments: true }),
  };
}

function mode(choice: ChatRequest['toolChoice'], strict: boolean): JsonObject {
  if (choice === undefined) return strict ? { mode: 'VALIDATED' } : {};
  if (typeof choice === 'object') return { mode: 'ANY', allowedFunctionNames: [choice.tool] };
  switch (choice) {
    case 'auto':
      return { mode: strict ? 'VALIDATED' : 'AUTO' };
    case 'none':
      return { mode: 'NONE' };
    case 'required':
      return { mode: 'ANY' };
    default:
      return choice satisfies never;
  }
}

function isProviderTool(tool: ToolDefinition | ProviderTool): tool is ProviderTool {
  return 'type' in tool && tool.type === 'provider';
}

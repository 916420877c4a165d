import type { Json, JsonObject } from '../types/json.js';
import type { ProviderTool, ToolDefinition } from '../types/tool.js';
import { jsonText } from './json-text.js';

/** What OpenAI's own rendering of tools adds around their words: the cookbook's 'How to count tokens with tiktoken', section on tools, in its figures for each vocabulary. */
export interface ToolOverheads {
  readonly tool: number;
  readonly properties: number;
  readonly property: number;
  readonly enumeration: number;
  readonly choice: number;
  readonly end: number;
}

export const O200K_TOOLS: ToolOverheads = { tool: 7, properties: 3, property: 3, enumeration: -3, choice: 3, end: 12 };
export const CL100K_TOOLS: ToolOverheads = { ...O200K_TOOLS, tool: 10 };

/** Tokens of the tools of a request. Close for schemas of plain properties, which is what the cookbook measured; nested ones are counted by the same rule. */
export function countTools(tools: readonly (ToolDefinition | ProviderTool)[], count: (text: string) => number, overheads: ToolOverheads): number {
  if (tools.length === 0) return 0;
  let tokens = overheads.end;
  for (const tool of tools) {
    if ('definition' in tool) {
      tokens += count(jsonText(tool.definition)); // the vendor's own tool: what it is to the model is not known
      continue;
    }
    tokens += overheads.tool + count(`${tool.name}:${withoutFullStop(tool.description)}`) + countProperties(tool.parameters, count, overheads, new Set(), 0);
  }
  return tokens;
}

/** Deeper than this nobody counts. */
const MAX_DEPTH = 64;

/** `seen`: a schema that was built in the program may hold itself. */
function countProperties(schema: JsonObject, count: (text: string) => number, overheads: ToolOverheads, seen: Set<JsonObject>, depth: number): number {
  const properties = schema['properties'];
  if (!isObject(properties) || depth > MAX_DEPTH || seen.has(schema)) return 0;
  seen.add(schema);
  const entries = Object.entries(properties);
  if (entries.length === 0) return 0;
  let tokens = overheads.properties;
  for (const [name, property] of entries) {
    if (!isObject(property)) continue;
    const choices = property['enum'];
    if (Array.isArray(choices)) {
      tokens += overheads.enumeration;
      for (const choice of choices as readonly Json[]) tokens += overheads.choice + count(typeof choice === 'string' ? choice : jsonText(choice));
    }
    tokens += overheads.property + count(`${name}:${typeof property['type'] === 'string' ? property['type'] : ''}:${withoutFullStop(property['description'])}`);
    tokens += countProperties(property, count, overheads, seen, depth + 1);
    if (isObject(property['items'])) tokens += countProperties(property['items'], count, overheads, seen, depth + 1);
  }
  return tokens;
}

function withoutFullStop(description: unknown): string {
  return typeof description === 'string' ? description.replace(/\.$/, '') : '';
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { JsonObject, ProviderData } from './json.js';

/** JSON Schema, draft 2020-12. */
export type JsonSchema = JsonObject;

/** A tool the caller runs. */
export interface ToolDefinition {
  readonly name: string;
  readonly description?: string;
  readonly parameters: JsonSchema;
  readonly strict?: boolean;
  readonly providerData?: ProviderData;
}

/** A tool the provider runs itself (web search, code execution …), in its own words. Other providers drop it with a warning. */
export interface ProviderTool {
  readonly type: 'provider';
  readonly provider: string;
  readonly definition: JsonObject;
}

export type ToolChoice = 'auto' | 'none' | 'required' | { readonly tool: string };

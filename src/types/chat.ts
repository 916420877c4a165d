import type { ProviderData } from './json.js';
import type { AssistantPart, Message, ToolCallPart } from './message.js';
import type { CallReport } from './report.js';
import type { StandardSchema } from './schema.js';
import type { JsonSchema, ProviderTool, ToolChoice, ToolDefinition } from './tool.js';
import type { Usage } from './usage.js';

/** Structured output. `schema` is JSON Schema; without it any JSON object will do. */
export interface OutputFormat {
  readonly type: 'json';
  readonly schema?: JsonSchema;
  readonly name?: string;
  readonly strict?: boolean;
}

export interface ChatRequest {
  /** `provider/model`, or an alias declared in `GatewayOptions.models`. */
  readonly model: string;
  readonly messages: readonly Message[];
  readonly tools?: readonly (ToolDefinition | ProviderTool)[];
  readonly toolChoice?: ToolChoice;
  readonly parallelToolCalls?: boolean;
  readonly output?: OutputFormat;
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly presencePenalty?: number;
  readonly frequencyPenalty?: number;
  readonly reasoning?: {
    readonly effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';
    readonly maxTokens?: number;
  };
  /** Merged last into that provider's wire request. The escape hatch for everything this schema does not name. */
  readonly providerOptions?: ProviderData;
}

/**
 * A request whose answer is parsed and validated into `response.object`. The gateway turns the schema into a plain
 * `OutputFormat` before the first interceptor. Where the schema library gives no JSON Schema, pass both.
 */
export type TypedRequest<T> = Omit<ChatRequest, 'output'> & {
  readonly output: StandardSchema<T> | (OutputFormat & { readonly validate: StandardSchema<T> });
};

export type FinishReason = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'refusal' | 'other';

/** What the provider could not take as asked. With `strict` on the call it is an `unsupported` error before anything is sent. */
export interface Warning {
  readonly kind: 'dropped' | 'approximated';
  readonly setting: string;
  readonly detail: string;
}

export interface ChatResponse {
  readonly id: string;
  readonly provider: string;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly content: readonly AssistantPart[];
  /** The text parts of `content`, joined. Filled in by the core. */
  readonly text: string;
  /** The tool calls of `content`, in order. Filled in by the core. */
  readonly toolCalls: readonly ToolCallPart[];
  readonly finishReason: FinishReason;
  readonly usage: Usage;
  /** The parsed answer when `output` was asked for and the answer is valid. */
  readonly object?: unknown;
  readonly warnings: readonly Warning[];
  readonly serviceTier?: string;
  readonly providerData?: ProviderData;
  /** Filled in by the gateway, never by an adapter. */
  readonly gateway?: CallReport;
}

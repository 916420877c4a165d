import type { ChatRequest } from '../../types/chat.js';

export type ReasoningEffort = NonNullable<NonNullable<ChatRequest['reasoning']>['effort']>;

/** Settings that only some servers take. */
export type OptionalSetting = 'topK' | 'seed' | 'presencePenalty' | 'frequencyPenalty' | 'parallelToolCalls' | 'strictTools';

export type ToolChoiceKind = 'auto' | 'none' | 'required' | 'named';

/** Where servers that speak this protocol differ. Plain data; the defaults are what OpenAI itself takes. */
export interface ChatQuirks {
  /** The field for `maxTokens`. Most other servers want `max_tokens`. @default 'max_completion_tokens' */
  readonly maxTokensField: 'max_completion_tokens' | 'max_tokens';
  /** Whether a stream may be asked for its usage with `stream_options`. @default true */
  readonly streamUsage: boolean;
  /** The role of system prompts. @default 'system' */
  readonly systemRole: 'system' | 'developer';
  /** `string`: text content is never sent as a list of parts; marks on its parts are lost. @default 'parts' */
  readonly textContent: 'parts' | 'string';
  /** Whether earlier refusals go back in a field of their own, or as text. @default 'field' */
  readonly refusals: 'field' | 'text';
  /** How a JSON schema is asked for. `json_object`: in the prompt, with any JSON object enforced; `prompt`: in the prompt only. @default 'json_schema' */
  readonly jsonSchema: 'json_schema' | 'json_object' | 'prompt';
  /** How any JSON object is asked for, where there is no schema; `json_schema`: by a schema that every object fits. @default 'json_object' */
  readonly anyJson: 'json_object' | 'json_schema';
  /** How `toolChoice: 'required'` is spelt. @default 'required' */
  readonly requiredToolChoice: 'required' | 'any';
  /**
   * The choices that are taken; `named` is one tool by its name. A choice to call that is not becomes the nearest that is, and in
   * place of `none` the tools stay out; each with a warning. @default auto, none, required, named
   */
  readonly toolChoices: readonly ToolChoiceKind[];
  /** How many stop sequences are taken, `Infinity` for any number; the others are left out with a warning. @default 4 */
  readonly stopLimit: number;
  /** The field for `seed`. @default 'seed' */
  readonly seedField: 'seed' | 'random_seed';
  /** Settings the server refuses; they are dropped with a warning. @default ['topK'] */
  readonly unsupported: readonly OptionalSetting[];
  /**
   * How reasoning is asked for: the field `reasoning_effort`; the object `reasoning` (OpenRouter); `thinking` switched on or off
   * (Moonshot); both of the first and the last (DeepSeek, Z.ai). @default 'reasoning_effort'
   */
  readonly reasoningRequest: 'reasoning_effort' | 'reasoning' | 'thinking' | 'thinking-and-effort' | 'none';
  /** The efforts it takes, from low to high; any other becomes its nearest. @default none, minimal, low, medium, high, xhigh, max */
  readonly reasoningEfforts: readonly ReasoningEffort[];
  /** How the reasoning of earlier turns goes back; `thinking` are Mistral's content parts. @default 'none' */
  readonly reasoningHistory: 'none' | 'reasoning_content' | 'reasoning' | 'reasoning_details' | 'thinking';
  /** `alphanumeric-9`: Mistral refuses ids of any other form. OpenAI refuses ids of more than 40 characters, which other vendors make. @default 'up-to-40' */
  readonly toolCallIds: 'any' | 'up-to-40' | 'alphanumeric-9';
  /** Whether `cache_control` marks on parts and tools are understood. @default false */
  readonly cacheControl: boolean;
  /** How files are sent: `file` takes inline bytes, `file-or-url` links too (OpenRouter), `document_url` is Mistral's. @default 'file' */
  readonly files: 'file' | 'file-or-url' | 'document_url' | 'none';
  /** What else than text user messages may hold, beside files. `video` is OpenRouter's `video_url`. @default ['image', 'audio'] */
  readonly media: readonly ('image' | 'audio' | 'video')[];
  /** Whether images may be links; inline ones are always taken. @default true */
  readonly imageLinks: boolean;
  /** The formats of audio that are taken, by the names the field has for them. @default ['wav', 'mp3'] */
  readonly audioFormats: readonly string[] | 'any';
}

export const DEFAULT_QUIRKS: ChatQuirks = {
  maxTokensField: 'max_completion_tokens',
  streamUsage: true,
  systemRole: 'system',
  textContent: 'parts',
  refusals: 'field',
  jsonSchema: 'json_schema',
  anyJson: 'json_object',
  requiredToolChoice: 'required',
  toolChoices: ['auto', 'none', 'required', 'named'],
  stopLimit: 4,
  seedField: 'seed',
  unsupported: ['topK'],
  reasoningRequest: 'reasoning_effort',
  reasoningEfforts: ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'],
  reasoningHistory: 'none',
  toolCallIds: 'up-to-40',
  cacheControl: false,
  files: 'file',
  media: ['image', 'audio'],
  imageLinks: true,
  audioFormats: ['wav', 'mp3'],
};

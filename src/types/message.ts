import type { Json, ProviderData } from './json.js';

interface Part {
  /** What only one provider understands about this part: signatures, ids, cache-control marks. */
  readonly providerData?: ProviderData;
}

export interface TextPart extends Part {
  readonly type: 'text';
  readonly text: string;
  readonly citations?: readonly Citation[];
}

export interface ImagePart extends Part {
  readonly type: 'image';
  /** Bytes, base64, a `data:` URL or an `https:` URL. */
  readonly data: string | Uint8Array;
  /** Needed when `data` is bytes or bare base64. */
  readonly mediaType?: string;
  readonly detail?: 'auto' | 'low' | 'high';
}

export interface AudioPart extends Part {
  readonly type: 'audio';
  /** Bytes, base64, a `data:` URL or an `https:` URL. */
  readonly data: string | Uint8Array;
  readonly mediaType: string;
  readonly transcript?: string;
}

export interface FilePart extends Part {
  readonly type: 'file';
  /** Bytes, base64, a `data:` URL or an `https:` URL. */
  readonly data: string | Uint8Array;
  readonly mediaType: string;
  readonly name?: string;
}

export interface ReasoningPart extends Part {
  readonly type: 'reasoning';
  readonly text: string;
  /** The provider keeps the text to itself; what it needs back is in `providerData`. */
  readonly redacted?: boolean;
}

export interface ToolCallPart extends Part {
  readonly type: 'tool-call';
  readonly id: string;
  readonly name: string;
  readonly input: Json;
  /** The text as it came, only when it was not JSON, or JSON that would be unsafe to use; `input` is null then. */
  readonly invalidInput?: string;
}

export interface RefusalPart extends Part {
  readonly type: 'refusal';
  readonly text: string;
}

/** Something only its own provider can read back (a server-side tool call, an encrypted item). Other providers drop it with a warning. */
export interface OpaquePart extends Part {
  readonly type: 'opaque';
  /** The dialect or provider that wrote it. */
  readonly provider: string;
  readonly kind: string;
  readonly data: Json;
}

export interface Citation {
  readonly url?: string;
  readonly title?: string;
  readonly quote?: string;
  readonly start?: number;
  readonly end?: number;
}

export type UserPart = TextPart | ImagePart | AudioPart | FilePart;
export type AssistantPart = TextPart | ReasoningPart | ToolCallPart | RefusalPart | ImagePart | AudioPart | OpaquePart;

export interface SystemMessage {
  readonly role: 'system';
  readonly content: string | readonly TextPart[];
}

export interface UserMessage {
  readonly role: 'user';
  readonly content: string | readonly UserPart[];
}

export interface AssistantMessage {
  readonly role: 'assistant';
  readonly content: string | readonly AssistantPart[];
}

export interface ToolMessage {
  readonly role: 'tool';
  readonly toolCallId: string;
  readonly content: string | readonly UserPart[];
  readonly isError?: boolean;
}

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

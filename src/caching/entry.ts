import type { OperationName, ResponseOf } from '../core/operation.js';
import { textOf, toolCallsOf } from '../message/content.js';
import type { ChatResponse } from '../types/chat.js';
import type { EmbedResponse } from '../types/embed.js';
import type { AssistantPart } from '../types/message.js';
import type { Target } from '../types/report.js';
import { packVectors, unpackVectors, type PackedVectors } from './vectors.js';

/** An answer as it is kept, with how it came about. */
export interface Entry {
  readonly operation: OperationName;
  /** The second digest of what was asked. */
  readonly check: string;
  /** When the answer was complete, in milliseconds since the epoch. */
  readonly createdAt: number;
  /** Those of its scope and tags when the call began. */
  readonly generations: readonly string[];
  readonly from: Target;
  /** What it cost to make. Absent: no price known. */
  readonly costUsd?: number;
  /** Without `gateway`: that is of the call that made it. */
  readonly response: ResponseOf<OperationName>;
}

interface Stored extends Omit<Entry, 'response'> {
  readonly version: typeof VERSION;
  readonly response: unknown;
  /** Bytes of content parts, in base64: JSON has none. */
  readonly bytes?: readonly (readonly [part: number, base64: string])[];
  /** Of embeddings. */
  readonly vectors?: PackedVectors;
}

const VERSION = 1;

/** The entry as text. Undefined when the answer holds something that would not come back as it is. Never throws. */
export function encodeEntry(entry: Entry): string | undefined {
  try {
    const { gateway: _report, ...response } = entry.response;
    const packed = 'embeddings' in response ? packEmbeddings(response) : packContent(response);
    if (packed === undefined || !survivesJson(packed.response, 0)) return undefined;
    const stored: Stored = { version: VERSION, ...entry, ...packed };
    return JSON.stringify(stored);
  } catch {
    return undefined; // an adapter in plain JavaScript may give anything
  }
}

/** What was stored under this check. Undefined for anything else: another question's entry, another version's, no entry at all. Never throws. */
export function decodeEntry(text: string, operation: OperationName, check: string): Entry | undefined {
  try {
    const stored = JSON.parse(text) as Partial<Stored> | null; // looked at field by field
    if (stored?.version !== VERSION || stored.operation !== operation || stored.check !== check) return undefined;
    const { createdAt, generations, from, costUsd } = stored;
    if (typeof createdAt !== 'number' || !Number.isFinite(createdAt) || !Array.isArray(generations) || typeof from?.provider !== 'string' || typeof from.model !== 'string') return undefined;
    if (costUsd !== undefined && !Number.isFinite(costUsd)) return undefined;
    const response = operation === 'chat' ? unpackContent(stored) : unpackEmbeddings(stored);
    if (response === undefined) return undefined;
    return { operation, check, createdAt, generations, from: { provider: from.provider, model: from.model }, ...(costUsd !== undefined && { costUsd }), response };
  } catch {
    return undefined; // no JSON
  }
}

/** Without `text` and `toolCalls`: they are in `content`. */
function packContent({ text: _text, toolCalls: _calls, ...response }: Omit<ChatResponse, 'gateway'>): Pick<Stored, 'response' | 'bytes'> {
  const bytes: (readonly [number, string])[] = [];
  const content = response.content.map((part, at) => {
    if ((part.type !== 'image' && part.type !== 'audio') || typeof part.data === 'string') return part;
    const { data } = part;
    bytes.push([at, Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')]);
    return { ...part, data: '' };
  });
  return bytes.length === 0 ? { response } : { response: { ...response, content }, bytes };
}

function unpackContent({ response, bytes = [] }: Partial<Stored>): ChatResponse | undefined {
  if (!isPackedChat(response)) return undefined;
  const content: AssistantPart[] = response.content.slice();
  for (const [at, base64] of bytes) {
    const part = content[at];
    if (part === undefined || !('data' in part) || typeof base64 !== 'string') return undefined;
    content[at] = { ...part, data: new Uint8Array(Buffer.from(base64, 'base64')) } as AssistantPart; // it was one with data
  }
  return { ...response, content, text: textOf(content), toolCalls: toolCallsOf(content) };
}

function packEmbeddings({ embeddings, ...response }: Omit<EmbedResponse, 'gateway'>): Pick<Stored, 'response' | 'vectors'> | undefined {
  const vectors = packVectors(embeddings);
  return vectors === undefined ? undefined : { response, vectors };
}

function unpackEmbeddings({ response, vectors }: Partial<Stored>): EmbedResponse | undefined {
  const embeddings = vectors === undefined ? undefined : unpackVectors(vectors);
  if (embeddings === undefined || !isObject(response) || !isUsage(response['usage'])) return undefined;
  return { ...response, embeddings } as unknown as EmbedResponse; // what was packed
}

/** As far as the core relies on it. */
function isPackedChat(value: unknown): value is Omit<ChatResponse, 'text' | 'toolCalls'> {
  if (!isObject(value) || !Array.isArray(value['content']) || !Array.isArray(value['warnings'])) return false;
  const words = [value['id'], value['provider'], value['model'], value['finishReason']];
  return words.every((word) => typeof word === 'string') && isUsage(value['usage']) && value['content'].every((part) => isObject(part) && typeof part['type'] === 'string');
}

function isUsage(value: unknown): boolean {
  return isObject(value) && typeof value['inputTokens'] === 'number' && typeof value['outputTokens'] === 'number';
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether JSON gives back the same. Properties without a value are as good as absent. */
function survivesJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0);
    case 'object': {
      if (value === null) return true;
      if (depth > MAX_DEPTH) return false;
      if (Array.isArray(value)) return value.every((inner) => survivesJson(inner, depth + 1)) && Object.keys(value).length === value.length;
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return false;
      return Object.values(value).every((inner) => inner === undefined || survivesJson(inner, depth + 1));
    }
    default:
      return false;
  }
}

/** Deeper than any answer, and far from where recursion ends. */
const MAX_DEPTH = 500;

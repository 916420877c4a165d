import { ConfigError } from '../errors.js';
import { toolInputText } from '../message/tool-input.js';
import type { FinishReason } from '../types/chat.js';
import type { AssistantPart } from '../types/message.js';
import type { Usage } from '../types/usage.js';
import type { AnswerReply, EmbedReply } from './reply.js';

/** What a reply says about tokens when it says nothing. */
const DEFAULT_USAGE: Usage = { inputTokens: 10, outputTokens: 5 };

/** A part with the pieces it streams in: of its text, or of a tool call's arguments. Parts that never stream have none. */
export interface Piece {
  readonly part: AssistantPart;
  readonly chunks: readonly string[];
}

/** A reply with every default filled in: the one form that the mock and all wires read. */
export interface Answer {
  readonly id: string;
  readonly model: string;
  readonly pieces: readonly Piece[];
  readonly finishReason: FinishReason;
  readonly usage: Usage | undefined;
}

/** Fills in the defaults. `next` numbers replies and tool calls. */
export function toAnswer(reply: Omit<AnswerReply, 'ending' | 'warnings'>, model: string, next: (kind: 'reply' | 'call') => string): Answer {
  const size = reply.chunkSize;
  if (size !== undefined && !(size >= 1)) throw new ConfigError(`reply.chunkSize is ${size}; give a number of characters, 1 or more`);
  const pieces = piecesOf(reply, () => next('call'));
  return {
    id: reply.id ?? next('reply'),
    model: reply.model ?? model,
    pieces,
    finishReason: reply.finishReason ?? finishOf(pieces),
    usage: usageOf(reply),
  };
}

/** `null` is a provider that does not say. */
export function usageOf(reply: Pick<AnswerReply | EmbedReply, 'usage'>): Usage | undefined {
  return reply.usage === null ? undefined : (reply.usage ?? DEFAULT_USAGE);
}

/** The vectors of an embed reply, one for each input. */
export function vectorsOf(reply: EmbedReply, input: readonly string[]): readonly (readonly number[])[] {
  const given = reply.embeddings;
  return 'dimensions' in given ? input.map((text) => vectorOf(text, given.dimensions)) : given;
}

function piecesOf(reply: Omit<AnswerReply, 'ending' | 'warnings'>, nextCall: () => string): readonly Piece[] {
  const { content, reasoning, text, object, refusal, toolCalls, chunkSize } = reply;
  if (content !== undefined) return content.map((part) => ({ part, chunks: chunksOf(part, chunkSize) }));
  const pieces: Piece[] = [];
  const say = (type: 'reasoning' | 'text' | 'refusal', said: string | readonly string[] | undefined): void => {
    if (said === undefined) return;
    const chunks = typeof said === 'string' ? split(said, chunkSize) : said;
    pieces.push({ part: { type, text: chunks.join('') }, chunks });
  };
  say('reasoning', reasoning);
  say('text', object === undefined ? text : JSON.stringify(object));
  say('refusal', refusal);
  for (const call of toolCalls ?? []) {
    const part: AssistantPart = { ...call, type: 'tool-call', id: call.id ?? nextCall(), input: call.invalidInput === undefined ? (call.input ?? {}) : null };
    pieces.push({ part, chunks: chunksOf(part, chunkSize) });
  }
  return pieces;
}

function chunksOf(part: AssistantPart, size: number | undefined): readonly string[] {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return split(part.text, size);
    case 'tool-call':
      // Without spaces in JSON there are no words: a few characters each, as models send arguments.
      return split(toolInputText(part), size ?? 8);
    case 'image':
    case 'audio':
    case 'opaque':
      return [];
    default:
      return part satisfies never;
  }
}

/** Providers never cut a character in two: neither does this. */
function split(text: string, size: number | undefined): readonly string[] {
  if (size === undefined) return text.match(/\s*\S+\s*$|\s*\S+|\s+$/g) ?? [text];
  if (size >= text.length) return [text];
  const chunks: string[] = [];
  let chunk = '';
  let count = 0;
  for (const character of text) {
    chunk += character;
    if (++count < size) continue;
    chunks.push(chunk);
    chunk = '';
    count = 0;
  }
  if (chunk !== '') chunks.push(chunk);
  return chunks;
}

function finishOf(pieces: readonly Piece[]): FinishReason {
  if (pieces.some(({ part }) => part.type === 'tool-call')) return 'tool-calls';
  return pieces.some(({ part }) => part.type === 'refusal') ? 'refusal' : 'stop';
}

/** A unit vector from a 32-bit FNV-1a hash of the text, stirred by xorshift. Rounded, so that JSON keeps it exactly. */
function vectorOf(text: string, dimensions: number): readonly number[] {
  let state = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193);
  const raw = Array.from({ length: dimensions }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0xffffffff - 0.5;
  });
  const length = Math.hypot(...raw) || 1;
  return raw.map((value) => Math.round((value / length) * 1e6) / 1e6);
}

import type { Json, JsonObject } from '../types/json.js';
import { toAnswer, usageOf, vectorsOf } from './answer.js';
import { statusOf } from './failure.js';
import { isEmbedding, isError, type ErrorReply } from './reply.js';
import type { RawReply, ServerAnswer, ServerReply, Wiring } from './server-reply.js';
import { anthropicMessages } from './wire/anthropic-messages.js';
import { googleEmbeddings, openaiEmbeddings } from './wire/embeddings.js';
import { googleGenerateContent } from './wire/google-generate-content.js';
import { openaiChat } from './wire/openai-chat.js';
import { openaiResponses } from './wire/openai-responses.js';
import type { FakeDialect, Routed } from './wire/route.js';
import type { Asked, Wire } from './wire/wire.js';

/** Everything that goes out for one request, ready to be written. */
export interface Plan {
  readonly delayMs: number;
  readonly chunkDelayMs: number;
  readonly ignoreAbort: boolean;
  /** Undefined: the socket is reset before a head. */
  readonly head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;
  readonly writes: readonly Buffer[];
  /** After the writes: end the body, close or reset the socket, or do nothing. */
  readonly ending: 'end' | 'close' | 'reset' | 'hang';
  readonly dropSocket: boolean;
}

const WIRES: Readonly<Record<FakeDialect, Wire>> = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
  'google-generate-content': googleGenerateContent,
  // Errors and headers of the embedding endpoints are those of their vendor.
  'openai-embeddings': openaiChat,
  'google-embeddings': googleGenerateContent,
};

const JSON_TYPE = { 'content-type': 'application/json' };
const SSE_TYPE = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };
/** A page as proxies and captive portals answer. */
const HTML = '<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works!</h1></body></html>';

export function planFor(reply: ServerReply, routed: Routed, body: JsonObject, next: (kind: 'reply' | 'call') => string): Plan {
  if (typeof reply === 'string') return planFor({ text: reply }, routed, body, next);
  const wire = WIRES[routed.dialect];
  const asked: Asked = { model: routed.model, body, events: routed.events };
  if ('body' in reply) return rawPlan(reply);
  if (isError(reply)) return errorPlan(reply, wire, routed);
  if (isEmbedding(reply)) {
    const usage = usageOf(reply);
    const answer = { model: reply.model ?? routed.model, embeddings: vectorsOf(reply, routed.inputs), usage };
    const json = routed.dialect === 'openai-embeddings' ? openaiEmbeddings(answer, body) : googleEmbeddings(answer, body);
    return plan(reply, { ...JSON_TYPE, ...wire.headers }, [JSON.stringify(json)], [], 'end');
  }
  return routed.streaming ? streamPlan(reply, wire, routed, asked, next) : unaryPlan(reply, wire, asked, next);
}

/** The answer to a request the script has nothing for: the vendor's 400, which no client retries. */
export function refusal(message: string, dialect: FakeDialect | undefined): Plan {
  const reply: ErrorReply = { error: 'invalid_request', message };
  const { status, headers, body } = (dialect === undefined ? openaiChat : WIRES[dialect]).error(reply);
  return plan({ ...reply, status: dialect === undefined ? 404 : status }, { ...JSON_TYPE, ...headers, 'x-should-retry': 'false' }, [JSON.stringify(body)], [], 'end');
}

function rawPlan(reply: RawReply): Plan {
  const { body } = reply;
  const bytes = body instanceof Uint8Array ? Buffer.from(body) : typeof body === 'string' ? body : JSON.stringify(body);
  const ending = reply.ending ?? 'finish';
  return plan(reply, { 'content-type': guessType(body) }, [bytes], [], ending === 'close' || ending === 'reset' || ending === 'hang' ? ending : 'end');
}

function guessType(body: RawReply['body']): string {
  if (typeof body !== 'string') return body instanceof Uint8Array ? 'application/octet-stream' : JSON_TYPE['content-type'];
  if (body.trimStart().startsWith('<')) return 'text/html; charset=utf-8';
  return /^(?:data|event|id|retry|:)/.test(body) ? SSE_TYPE['content-type'] : 'text/plain; charset=utf-8';
}

function errorPlan(reply: ErrorReply & Wiring, wire: Wire, routed: Routed): Plan {
  if (statusOf(reply) !== undefined) {
    const { status, headers, body } = wire.error(reply);
    // Google's JSON-array streams wrap their errors too.
    const json: Json = routed.streaming && !routed.events ? [body] : body;
    return plan({ ...reply, status }, { ...JSON_TYPE, ...headers }, [JSON.stringify(json)], [], 'end');
  }
  switch (reply.error) {
    case 'network':
      return { ...plan(reply, {}, [], [], 'reset'), head: undefined };
    case 'idle_timeout':
      return plan(reply, routed.streaming ? SSE_TYPE : JSON_TYPE, [], [], 'hang');
    case 'stream_interrupted':
      return plan(reply, routed.streaming ? SSE_TYPE : JSON_TYPE, [], [], 'end');
    case 'invalid_response':
      return plan(reply, { 'content-type': 'text/html; charset=utf-8' }, [reply.message ?? HTML], [], 'end');
    default:
      return { ...plan(reply, {}, [], [], 'hang'), delayMs: Infinity };
  }
}

function unaryPlan(reply: ServerAnswer, wire: Wire, asked: Asked, next: (kind: 'reply' | 'call') => string): Plan {
  const { ending = 'finish' } = reply;
  const headers = { ...JSON_TYPE, ...wire.headers };
  if (typeof ending === 'object' && 'error' in ending) return plan(reply, headers, [JSON.stringify(wire.error(ending).body)], [], 'end');
  const giant = typeof ending === 'object' ? ' '.repeat(ending.giantEvent) : '';
  const json = JSON.stringify(wire.unary(toAnswer(reply, asked.model, next), asked)) + giant;
  if (ending === 'finish' || typeof ending === 'object') return plan(reply, headers, [json], [], 'end');
  // A whole answer has no content to end after: half of it says enough.
  const half = json.slice(0, json.length / 2);
  return plan(reply, headers, [half], [], ending === 'cut' || ending === 'malformed' ? 'end' : ending);
}

function streamPlan(reply: ServerAnswer, wire: Wire, routed: Routed, asked: Asked, next: (kind: 'reply' | 'call') => string): Plan {
  const { ending = 'finish' } = reply;
  const { content, closing } = wire.stream(toAnswer(reply, asked.model, next), asked);
  const headers = { ...(routed.events ? SSE_TYPE : JSON_TYPE), ...wire.headers };
  const framed = (events: readonly string[], from = 0): readonly string[] => (routed.events ? events : events.map((one, index) => asArrayItem(one, from + index)));
  const good = (more: readonly string[]): Plan => {
    const middle = [...content, ...more];
    const last = routed.events ? [] : [']'];
    return plan(reply, headers, framed(middle), [...framed(closing, middle.length), ...last], 'end');
  };
  if (typeof ending === 'object') {
    if ('giantEvent' in ending) return good([giantEvent(wire, asked, ending.giantEvent)]);
    const failing = [...content, wire.errorEvent(ending)];
    return plan(reply, headers, framed(failing), routed.events ? [] : [']'], 'end');
  }
  switch (ending) {
    case 'finish':
      return good([]);
    case 'malformed':
      return good(['data: {"broken":"\n\n']);
    case 'cut':
      return plan(reply, headers, framed(content), [], 'end');
    default:
      return plan(reply, headers, framed(content), [], ending);
  }
}

function giantEvent(wire: Wire, asked: Asked, bytes: number): string {
  const empty = wire.textEvent('', asked).length;
  return wire.textEvent('x'.repeat(Math.max(1, bytes - empty)), asked);
}

function asArrayItem(event: string, index: number): string {
  return `${index === 0 ? '[' : ',\n'}${event.slice('data: '.length).trimEnd()}`;
}

function plan(
  reply: { readonly status?: number; readonly delayMs?: number; readonly chunkDelayMs?: number; readonly ignoreAbort?: boolean; readonly headers?: Readonly<Record<string, string>> } & Wiring,
  headers: Readonly<Record<string, string>>,
  content: readonly (string | Buffer)[],
  closing: readonly string[],
  ending: Plan['ending'],
): Plan {
  const pieces = [...content, ...closing].map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece));
  return {
    delayMs: reply.delayMs ?? 0,
    chunkDelayMs: reply.chunkDelayMs ?? 0,
    ignoreAbort: reply.ignoreAbort ?? false,
    head: { status: reply.status ?? 200, headers: { ...headers, ...reply.headers } },
    writes: cutWrites(upTo(reply.endAfterBytes ?? Infinity, pieces), reply.write ?? 'events'),
    ending,
    dropSocket: reply.dropSocket ?? false,
  };
}

function upTo(bytes: number, pieces: readonly Buffer[]): readonly Buffer[] {
  const kept: Buffer[] = [];
  let left = bytes;
  for (const piece of pieces) {
    if (left <= 0) break;
    kept.push(piece.subarray(0, left));
    left -= piece.length;
  }
  return kept;
}

function cutWrites(pieces: readonly Buffer[], write: NonNullable<Wiring['write']>): readonly Buffer[] {
  if (write === 'events') return pieces;
  const whole = Buffer.concat(pieces);
  if (write === 'whole') return [whole];
  const writes: Buffer[] = [];
  if ('bytes' in write) for (let at = 0; at < whole.length; at += write.bytes) writes.push(whole.subarray(at, at + write.bytes));
  else for (let at = 0; at < pieces.length; at += write.events) writes.push(Buffer.concat(pieces.slice(at, at + write.events)));
  return writes;
}

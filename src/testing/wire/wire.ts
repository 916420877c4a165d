import type { JsonObject } from '../../types/json.js';
import type { Answer } from '../answer.js';
import type { ErrorReply } from '../reply.js';

/** What a wire must know of the request to answer it. */
export interface Asked {
  readonly model: string;
  /** The parsed body. */
  readonly body: JsonObject;
  /** The query asks for server-sent events (Google streams a JSON array otherwise). */
  readonly events: boolean;
}

/** A streamed answer, each string one event with its blank line. `content` ends with the last delta; what proves the answer whole is in `closing`. */
export interface WireStream {
  readonly content: readonly string[];
  readonly closing: readonly string[];
}

export interface WireError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: JsonObject;
}

/** One protocol as its vendor's server speaks it, from templates of its own. */
export interface Wire {
  /** Headers of an answer that went well, beside the content type. */
  readonly headers: Readonly<Record<string, string>>;
  unary(answer: Answer, asked: Asked): JsonObject;
  stream(answer: Answer, asked: Asked): WireStream;
  /** The error's own answer. */
  error(reply: ErrorReply): WireError;
  /** The error inside a stream that has begun. */
  errorEvent(reply: ErrorReply): string;
  /** One delta of this text, for events of any size. */
  textEvent(text: string, asked: Asked): string;
}

/** A server-sent event. */
export function event(data: unknown, name?: string): string {
  return `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;
}

/** The error of a content part that this protocol's servers never send. */
export function cannotSay(wire: string, part: string): TypeError {
  return new TypeError(`${wire} answers hold no ${part} parts; reply with { body } to send bytes of your own`);
}

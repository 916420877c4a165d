import type { ServerReply } from 'headgate/testing';

/** Chunks of text in every stream. */
export const CHUNKS = 300;

const WORDS = Array.from({ length: CHUNKS }, () => ' word');

/** What is asked each time: the model's name chooses the answer. */
export type Question = keyof typeof ANSWERS;

/** What the server answers. */
export const ANSWERS = {
  /** Whole, about 80 tokens. */
  unary: { text: WORDS.slice(0, 80).join('') },
  /** Ten chunks at a time, as a busy provider or a proxy sends them. */
  bunches: { text: WORDS, write: { events: 10 } },
  /** One chunk every millisecond, each a read of its own. */
  single: { text: WORDS, chunkDelayMs: 1 },
  /** One chunk, then silence. */
  idle: { text: [' word'], ending: 'hang' },
} as const satisfies Record<string, ServerReply>;

/** Characters of the answer's text: whoever reads less has lost some. */
export function lengthOf(question: Question): number {
  const { text } = ANSWERS[question];
  return typeof text === 'string' ? text.length : text.join('').length;
}

export const MESSAGES = [
  { role: 'system', content: 'You are a helpful assistant. Answer at length.' },
  { role: 'user', content: 'Say something long, please. '.repeat(8) },
] as const;

export const API_KEY = 'sk-bench';

/** The body of a bare request, as the clients with a library write it. */
export function bodyOf(question: Question, streaming: boolean): string {
  return JSON.stringify({ model: question, messages: MESSAGES, ...(streaming && { stream: true, stream_options: { include_usage: true } }) });
}

export function headersOf(streaming: boolean): Record<string, string> {
  return { accept: streaming ? 'text/event-stream' : 'application/json', authorization: `Bearer ${API_KEY}`, 'content-type': 'application/json' };
}

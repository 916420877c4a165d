import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/dialect.js';
import type { OutboundDialect, WireEvent } from '../../src/dialects/dialect.js';
import { googleGenerateContent } from '../../src/dialects/google-generate-content/dialect.js';
import { openaiChat } from '../../src/dialects/openai-chat/dialect.js';
import { openaiResponses } from '../../src/dialects/openai-responses/dialect.js';
import { ProviderError } from '../../src/errors.js';
import { readEvents, type EventDecoder } from '../../src/transport/event-stream.js';
import type { WireAnswer } from '../../src/transport/transport.js';
import type { AdapterEvent } from '../../src/types/adapter.js';
import type { ProviderCode } from '../../src/types/codes.js';
import { haveFixtures, readFixture } from '../support/fixtures.js';

interface ParserCase {
  readonly id: string;
  readonly inputB64: string;
  readonly expected: readonly { readonly event: string; readonly data: string }[];
}

interface ErrorCase {
  readonly id: string;
  readonly api: string;
  readonly body: string;
  readonly expected: { readonly textBefore: string; readonly error: { readonly message: string } | null };
}

/** An event whose blank line is missing at the end of the body: the standard discards it, providers leave it out by mistake. */
const UNTERMINATED: Readonly<Record<string, WireEvent>> = {
  'wpt-format-data-before-final-empty-line': { event: undefined, data: 'test2' },
};

const DIALECTS: Readonly<Record<string, OutboundDialect>> = {
  'openai.chat': openaiChat(),
  'openai.responses': openaiResponses(),
  'anthropic.messages': anthropicMessages(),
  'google.generateContent': googleGenerateContent(),
};

/** By id where the error says what it is; `server_error` for the rest. */
const ERROR_CODES: Readonly<Record<string, ProviderCode>> = {
  'anthropic-error-after-output': 'overloaded',
  'openai-compatible-no-type': 'context_length',
  'openai-responses-failed-no-usage': 'invalid_request',
};

const parserCases = haveFixtures ? (readFixture('sse/cases.json') as readonly ParserCase[]) : [];
const errorCases = haveFixtures ? (readFixture('sse/stream-errors.json') as readonly ErrorCase[]).filter(({ api }) => DIALECTS[api] !== undefined) : [];

describe.skipIf(!haveFixtures)('server-sent events', () => {
  it.each(parserCases)('are read as the standard says, wherever they are split: $id', async ({ id, inputB64, expected }) => {
    const bytes = Buffer.from(inputB64, 'base64');
    const unterminated = UNTERMINATED[id];
    const wanted = [...expected.map(({ event, data }) => ({ event, data })), ...(unterminated === undefined ? [] : [named(unterminated)])];
    for (const chunks of splits(bytes)) {
      const { items } = await read(chunks, { push: (event) => [named(event)], end: () => [] });
      expect(items).toEqual(wanted);
    }
  });

  it('has a case for every rule', () => {
    expect(parserCases.length).toBe(18);
  });
});

describe.skipIf(!haveFixtures)('an error inside a stream', () => {
  it.each(errorCases)('is thrown after the text before it, and the stream never looks complete: $id', async ({ id, api, body, expected }) => {
    const dialect = DIALECTS[api];
    if (dialect === undefined) throw new Error(`no dialect for ${api}`);
    for (const chunks of splits(Buffer.from(body))) {
      const { items, error } = await read<AdapterEvent>(chunks, dialect.fromStream({ provider: 'p', vendor: 'p' }));
      expect(items.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')).toBe(expected.textBefore);
      expect(items.filter((event) => event.type === 'finish')).toEqual([]);
      expect(error).toBeInstanceOf(ProviderError);
      expect(error).toMatchObject({ code: ERROR_CODES[id] ?? 'server_error', providerMessage: expected.error?.message });
    }
  });

  it('has cases for more than one protocol', () => {
    expect(errorCases.length).toBe(10);
  });
});

/** The bytes in two pieces at every position, whole, and one by one. */
function splits(bytes: Uint8Array): readonly (readonly Uint8Array[])[] {
  const ways = Array.from({ length: bytes.length }, (_, at) => [bytes.subarray(0, at), bytes.subarray(at)]);
  return [...ways, Array.from({ length: bytes.length }, (_, at) => bytes.subarray(at, at + 1))];
}

/** All that comes out, and how it ended when it did not end well. */
async function read<E>(chunks: readonly Uint8Array[], decoder: EventDecoder<E>): Promise<{ readonly items: readonly E[]; readonly error: unknown }> {
  const answer: WireAnswer = {
    status: 200,
    headers: {},
    read(sink) {
      for (const chunk of chunks) sink.chunk(chunk);
      sink.end();
    },
    pause() {},
    resume() {},
    cancel() {},
  };
  const items: E[] = [];
  const limits = { maxEventBytes: 1_000_000, maxBodyBytes: 1_000_000 };
  try {
    for await (const item of readEvents(answer, decoder, { provider: 'p', limits, signal: new AbortController().signal })) items.push(item);
  } catch (error) {
    return { items, error };
  }
  return { items, error: undefined };
}

/** An event without a name is a message. */
function named({ event, data }: WireEvent): { readonly event: string; readonly data: string } {
  return { event: event ?? 'message', data };
}

import { createGateway, isGatewayError, ProviderError, type AdapterEvent, type ChatResponse, type ProviderAdapter, type StreamEvent } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/dialect.js';
import type { OutboundDialect } from '../../src/dialects/dialect.js';
import { googleGenerateContent } from '../../src/dialects/google-generate-content/dialect.js';
import { openaiChat } from '../../src/dialects/openai-chat/dialect.js';
import { openaiResponses } from '../../src/dialects/openai-responses/dialect.js';
import { exchangeRows, haveFixtures, loadExchange, type Exchange } from '../support/fixtures.js';
import { foldEvents } from '../support/fold.js';
import { replay } from '../support/recorded.js';

type Fetch = typeof globalThis.fetch;
const options = (fetch: Fetch) => ({ apiKey: 'k', name: 'recorded', fetch });

/** Who speaks each protocol, and the dialect alone, whose result is held against the facts in the tests beside this one. */
const APIS: Readonly<Record<string, { readonly connect: (fetch: Fetch) => ProviderAdapter; readonly dialect: OutboundDialect; readonly vendor: string }>> = {
  'openai.chat': { connect: (fetch) => openaiCompatible({ ...options(fetch), baseUrl: 'https://recorded.example/v1' }), dialect: openaiChat(), vendor: 'recorded' },
  'openai.responses': { connect: (fetch) => openai(options(fetch)), dialect: openaiResponses(), vendor: 'openai' },
  'anthropic.messages': { connect: (fetch) => anthropic(options(fetch)), dialect: anthropicMessages(), vendor: 'anthropic' },
  'google.generateContent': { connect: (fetch) => google(options(fetch)), dialect: googleGenerateContent(), vendor: 'google' },
};

/** Where the whole way must differ from the dialect alone. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'google-vertex/va-streaming-failure-error-mid-stream': 'the error is bare JSON outside every event: only the transport sees it',
};

const exchanges = exchangeRows().filter((row) => row.api in APIS).map(loadExchange);
const streams = exchanges.filter((exchange) => exchange.status < 400 && exchange.wire !== 'json');

/** The recorded body, in pieces of this many bytes. */
function serving(exchange: Exchange, bytes: Uint8Array = exchange.bytes, size = bytes.length): Fetch {
  return async () => {
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
        controller.close();
      },
    });
    const type = exchange.wire === 'sse' ? 'text/event-stream' : 'application/json';
    return new Response(body, { status: exchange.status, headers: { 'content-type': type } });
  };
}

interface Answer {
  readonly deltas: readonly AdapterEvent[];
  readonly response: ChatResponse | undefined;
  readonly error: unknown;
}

async function ask(exchange: Exchange, fetch: Fetch): Promise<Answer> {
  const gateway = createGateway({ providers: [(APIS[exchange.api] as (typeof APIS)[string]).connect(fetch)] });
  const request = { model: 'recorded/m', messages: [{ role: 'user', content: 'hi' }] } as const;
  const deltas: AdapterEvent[] = [];
  let response: ChatResponse | undefined;
  try {
    if (exchange.status >= 400 || exchange.wire === 'json') {
      response = await gateway.chat(request);
    } else {
      for await (const event of gateway.stream(request) as AsyncIterable<StreamEvent>) {
        if (event.type === 'end') response = event.response;
        else deltas.push(event);
      }
    }
    return { deltas, response, error: undefined };
  } catch (error) {
    return { deltas, response, error };
  }
}

/** The whole way against the dialect alone. */
async function compare(exchange: Exchange, fetch: Fetch): Promise<readonly string[]> {
  const api = APIS[exchange.api] as (typeof APIS)[string];
  const alone = replay(api.dialect, exchange, { scope: { provider: 'recorded', vendor: api.vendor } });
  const { deltas, response, error } = await ask(exchange, fetch);
  const found: string[] = [];
  const same = (what: string, got: unknown, wanted: unknown): void => {
    if (!isDeepStrictEqual(got, wanted)) found.push(`${exchange.id}: ${what}: ${firstDifference(got, wanted)}`);
  };
  if (response === undefined) {
    if (!(error instanceof ProviderError)) return [`${exchange.id}: threw ${String(error)}`];
    const wanted = alone.error?.code ?? 'stream_interrupted';
    // After content the code of the failure is in the cause.
    const code = error.code === 'stream_interrupted' ? (error.cause?.code ?? error.code) : error.code;
    same('code', code === 'stream_interrupted' ? wanted : code, wanted);
    if (alone.error === undefined && alone.finishReason !== undefined) found.push(`${exchange.id}: failed (${error.message})`);
    return found;
  }
  if (alone.finishReason === undefined) return [`${exchange.id}: looks complete`];
  same('content', response.content, alone.content);
  same('finish', response.finishReason, alone.finishReason);
  if (alone.usage === undefined) same('estimated', response.usage.estimated, true);
  else same('usage', response.usage, alone.usage);
  if (deltas.length > 0) same('folded', foldEvents(deltas).content, response.content);
  return found;
}

/** The place where they part, with a little around it. */
function firstDifference(got: unknown, wanted: unknown): string {
  const [left, right] = [JSON.stringify(got) ?? 'undefined', JSON.stringify(wanted) ?? 'undefined'];
  let at = 0;
  while (at < left.length && left[at] === right[at]) at++;
  const from = Math.max(0, at - 40);
  return `…${left.slice(from, at + 80)} instead of …${right.slice(from, at + 80)}`;
}

const inTurn = async (work: readonly (() => Promise<readonly string[]>)[]): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const run of work) found.push(...(await run()));
  return found;
};

describe.skipIf(!haveFixtures)('recorded traffic through the gateway', () => {
  const served = exchanges.filter((exchange) => !(exchange.id in EXCEPTIONS));

  it('gives the same as its dialect, and folding the deltas gives the content of the end', { timeout: 120_000 }, async () => {
    expect(await inTurn(served.map((exchange) => () => compare(exchange, serving(exchange))))).toEqual([]);
    expect(exchanges.length).toBeGreaterThan(1300);
  });

  it('gives the same however the bytes are cut', { timeout: 120_000 }, async () => {
    const cut = streams.filter((exchange) => !(exchange.id in EXCEPTIONS)).flatMap((exchange) => {
      const sizes = exchange.bytes.length < 2048 ? [1, 7] : [1 + (exchange.bytes.length % 13), 61 + (exchange.bytes.length % 97)];
      return sizes.map((size) => () => compare(exchange, serving(exchange, exchange.bytes, size)));
    });
    expect(await inTurn(cut)).toEqual([]);
  });

  it('is never complete when the stream ends before what ends it', { timeout: 120_000 }, async () => {
    const complete: string[] = [];
    let tried = 0;
    for (const exchange of streams.filter(({ wire }) => wire === 'sse')) {
      const api = APIS[exchange.api] as (typeof APIS)[string];
      for (const part of [0.2, 0.5, 0.8]) {
        const bytes = exchange.bytes.subarray(0, Math.floor(exchange.bytes.length * part));
        // What was cut away may be no more than usage or [DONE]: the dialect's own tests know its markers.
        if (replay(api.dialect, { ...exchange, bytes }).finishReason !== undefined) continue;
        tried++;
        const { response, error } = await ask(exchange, serving(exchange, bytes));
        if (response !== undefined || !isGatewayError(error)) complete.push(`${exchange.id} at ${part}`);
      }
    }
    expect(complete).toEqual([]);
    expect(tried).toBeGreaterThan(500);
  });

  it('throws the error that stands outside every event', async () => {
    const outside = exchanges.find((exchange) => exchange.id in EXCEPTIONS) as Exchange;
    const { error, response } = await ask(outside, serving(outside));
    expect(response).toBeUndefined();
    expect(error).toBeInstanceOf(ProviderError);
  });
});

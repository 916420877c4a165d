import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../src/dialects/openai-chat/dialect.js';
import type { ChatQuirks } from '../../src/dialects/openai-chat/quirks.js';
import { DIALECT } from '../../src/dialects/openai-chat/wire.js';
import type { WireEvent } from '../../src/dialects/dialect.js';
import { exchangeRows, fixturesFolder, haveFixtures, loadExchange, readFixture } from '../support/fixtures.js';
import { chatMeaning } from '../support/chat-meaning.js';
import { check, checkCuts, checkTruncated, replay } from '../support/recorded.js';

const dialect = openaiChat();
const exchanges = exchangeRows().filter((row) => row.api === 'openai.chat').map(loadExchange);
const streams = exchanges.filter((exchange) => exchange.wire === 'sse');

const PLACEHOLDER = 'the expectation counts the empty function_call that Snowflake puts into every answer as a call; nobody could run it';
const DETAILS = 'the expectation leaves out reasoning that comes in reasoning_details alone; here it is reasoning text';

/** Every exchange whose facts are not met, and why that is right. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'snowflake/test-snowflake-llama.0': PLACEHOLDER,
  'snowflake/test-snowflake-openai-model.0': PLACEHOLDER,
  'snowflake/test-snowflake-thinking.0': `${PLACEHOLDER}; ${DETAILS}`,
  'snowflake/test-snowflake-thinking.1': PLACEHOLDER,
  'snowflake/test-snowflake-thinking-streaming.0': DETAILS,
};

describe.skipIf(!haveFixtures)('recorded chat completions', () => {
  it('give the facts that are known of them', () => {
    const wrong = exchanges.filter((exchange) => !(exchange.id in EXCEPTIONS)).flatMap((exchange) => check(dialect, exchange).map((line) => `${exchange.id}: ${line}`));
    expect(wrong).toEqual([]);
    expect(exchanges.length).toBeGreaterThan(500);
  });

  it('have no exception that is not needed, and fewer than one in a hundred', () => {
    const needed = exchanges.filter((exchange) => exchange.id in EXCEPTIONS && check(dialect, exchange).length > 0);
    expect(needed.map((exchange) => exchange.id).toSorted()).toEqual(Object.keys(EXCEPTIONS).toSorted());
    expect(needed.length / exchanges.length).toBeLessThan(0.01);
  });

  it('give the same result however a stream is cut', () => {
    expect(streams.flatMap((exchange) => checkCuts(dialect, exchange).map((line) => `${exchange.id}: ${line}`))).toEqual([]);
  });

  it('never finish when a stream ends before its finish reason', () => {
    expect(streams.flatMap((exchange) => checkTruncated(dialect, exchange, isTerminal).map((line) => `${exchange.id}: ${line}`))).toEqual([]);
  });

  it('are read again from what they were decoded to, when a client of the protocol sends them back', () => {
    const lost: string[] = [];
    for (const exchange of exchanges) {
      const scope = { provider: exchange.provider, vendor: DIALECT };
      const { content, error } = replay(dialect, exchange, { scope });
      if (error !== undefined || content.length === 0 || content.some((part) => part.type === 'tool-call' && part.name === '')) continue;
      const request = { model: 'p/m', messages: [{ role: 'user', content: 'go on' }, { role: 'assistant', content }] } as const;
      const back = openaiChat({ reasoningHistory: 'reasoning_details' });
      const once = back.toRequest(request, { ...scope, model: 'm', streaming: false, warn: () => {} });
      const twice = back.toRequest(back.fromRequest(once).request, { ...scope, model: 'm', streaming: false, warn: () => {} });
      if (JSON.stringify(once) !== JSON.stringify(twice)) lost.push(exchange.id);
    }
    expect(lost).toEqual([]);
  });

  it('of an error inside a stream give that error, after the text before it, and no finish', () => {
    const cases = (readFixture('sse/stream-errors.json') as readonly StreamErrorCase[]).filter((one) => one.api === 'openai.chat');
    for (const { id, body, expected } of cases) {
      const bytes = new TextEncoder().encode(body);
      const exchange = { id, provider: 'p', api: 'openai.chat', model: 'm', wire: 'sse', status: 200, origin: '', features: [], file: '', request: undefined, headers: {}, bytes, expected: {} };
      const outcome = replay(dialect, exchange);
      expect({ id, text: outcome.content.map((part) => (part.type === 'text' ? part.text : '')).join('') }).toEqual({ id, text: expected.textBefore });
      expect(outcome.error?.providerMessage).toBe(expected.error.message);
      expect(outcome.finishReason).toBeUndefined();
    }
    expect(cases.length).toBeGreaterThan(0);
  });
});

describe.skipIf(!haveFixtures)('recorded chat requests', () => {
  it('mean the same after they were read and written again', () => {
    const lost: string[] = [];
    let count = 0;
    for (const exchange of exchanges) {
      const body = exchange.request?.body as { readonly model?: string; readonly messages?: readonly unknown[] } | undefined;
      // Clouds that name the model in the path leave it out; a request that was refused may be one that cannot be read.
      if (!Array.isArray(body?.messages) || exchange.status >= 400) continue;
      count++;
      const asked = { ...body, model: body.model ?? 'm' };
      const { request, streaming } = dialect.fromRequest(asked);
      const again = openaiChat(quirksFor(exchange.provider)).toRequest(request, { provider: 'p', vendor: 'p', model: request.model, streaming, warn: () => {} });
      if (!isDeepStrictEqual(chatMeaning(again), chatMeaning(asked))) lost.push(exchange.id);
    }
    expect(lost).toEqual([]);
    expect(count).toBeGreaterThan(400);
  });

  it('are written as other gateways write them', () => {
    for (const pair of pairs()) {
      // The other gateway fills in its route's model and defaults: given those, the rest must agree.
      const asked = { ...pair.expected, ...pair.input };
      const { request, streaming } = dialect.fromRequest(asked);
      const written = dialect.toRequest(request, { provider: 'p', vendor: 'p', model: request.model, streaming, warn: () => {} });
      expect({ id: pair.id, body: chatMeaning(written) }).toEqual({ id: pair.id, body: chatMeaning(pair.expected) });
    }
    expect(pairs().length).toBeGreaterThan(0);
  });
});

interface Pair {
  readonly id: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

function pairs(): readonly Pair[] {
  const folder = 'translation/request/openai.chat__to__openai.chat';
  return readdirSync(path.join(fixturesFolder, folder)).map((file) => readFixture(`${folder}/${file}`) as Pair);
}

function quirksFor(provider: string): Partial<ChatQuirks> {
  return {
    unsupported: [],
    toolCallIds: 'any',
    cacheControl: true,
    media: ['image', 'audio', 'video'],
    files: provider === 'mistral' ? 'document_url' : 'file-or-url',
    reasoningHistory: provider === 'mistral' ? 'thinking' : provider === 'zai' ? 'reasoning_content' : 'reasoning_details',
    reasoningRequest: provider === 'openrouter' || provider === 'snowflake' ? 'reasoning' : 'reasoning_effort',
  };
}

interface StreamErrorCase {
  readonly id: string;
  readonly api: string;
  readonly body: string;
  readonly expected: { readonly textBefore: string; readonly error: { readonly message: string } };
}

function isTerminal({ data }: WireEvent): boolean {
  if (data === '[DONE]') return true;
  const chunk = JSON.parse(data) as { readonly choices?: readonly { readonly finish_reason?: string | null }[] };
  return chunk.choices?.some((choice) => choice.finish_reason) ?? false;
}

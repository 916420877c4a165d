import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/dialect.js';
import type { InboundDialect, OutboundDialect } from '../../src/dialects/dialect.js';
import { googleGenerateContent } from '../../src/dialects/google-generate-content/dialect.js';
import { openaiChat } from '../../src/dialects/openai-chat/dialect.js';
import { openaiResponses } from '../../src/dialects/openai-responses/dialect.js';
import type { ChatRequest } from '../../src/types/chat.js';
import type { JsonObject } from '../../src/types/json.js';
import type { Message } from '../../src/types/message.js';
import { anyRequest } from '../support/any-request.js';
import { exchangeRows, haveFixtures, loadExchange, type Exchange } from '../support/fixtures.js';
import { replay } from '../support/recorded.js';
import { anthropicRequests, openaiRequests, type Problems } from '../support/vendor-schemas.js';

interface Protocol {
  readonly api: string;
  readonly vendor: string;
  readonly dialect: OutboundDialect & InboundDialect;
  readonly models: readonly string[];
  /** Every member that the schema does not name is a problem. */
  readonly strict: () => Problems;
  /** Members of betas, and of other servers that speak the protocol, are none. */
  readonly lax: () => Problems;
}

const OPENAI_MODELS = ['gpt-4.1', 'gpt-5.2'];

const protocols: readonly Protocol[] = [
  {
    api: 'openai.chat',
    vendor: 'openai',
    dialect: openaiChat(),
    models: OPENAI_MODELS,
    strict: () => openaiRequests('CreateChatCompletionRequest', { closed: true }),
    lax: () => openaiRequests('CreateChatCompletionRequest', { closed: false }),
  },
  {
    api: 'openai.responses',
    vendor: 'openai',
    dialect: openaiResponses(),
    models: OPENAI_MODELS,
    strict: () => openaiRequests('CreateResponse', { closed: true }),
    lax: () => openaiRequests('CreateResponse', { closed: false }),
  },
  {
    api: 'anthropic.messages',
    vendor: 'anthropic',
    dialect: anthropicMessages(),
    models: ['claude-3-haiku-20240307', 'claude-sonnet-4-5', 'claude-opus-4-6', 'claude-opus-4-8', 'claude-sonnet-5', 'a-model'],
    strict: () => anthropicRequests('anthropic', { closed: true }),
    lax: () => anthropicRequests('anthropic-beta', { closed: false }),
  },
];

const ANSWERING: Readonly<Record<string, OutboundDialect>> = {
  'openai.chat': openaiChat(),
  'openai.responses': openaiResponses(),
  'anthropic.messages': anthropicMessages(),
  'google.generateContent': googleGenerateContent(),
};

const exchanges = exchangeRows().filter((row) => row.api in ANSWERING && row.status < 400).map(loadExchange);

const ROUTED = 'a tool of OpenRouter itself, which OpenAI has not';

/** Recorded requests whose written form the schema refuses, and why that is right. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'openrouter/test-openrouter-advisor-tool.0': ROUTED,
  'openrouter/test-openrouter-advisor-tool-stream.0': ROUTED,
};

describe.skipIf(!haveFixtures)('what goes to a vendor is valid by its published schema', () => {
  it.each(protocols)('for every request there is: $api', ({ dialect, vendor, models, strict }) => {
    const problems = strict();
    fc.assert(
      fc.property(anyRequest, fc.constantFrom(...models), fc.boolean(), (request, model, streaming) => {
        expect(problems(written(dialect, request, { vendor, model, streaming }), streaming)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(protocols)('for every recorded request, read and written again: $api', ({ api, dialect, vendor, lax }) => {
    const problems = lax();
    const wrong: Record<string, readonly string[]> = {};
    let count = 0;
    for (const { id, request: recorded } of exchanges.filter((exchange) => exchange.api === api)) {
      if (typeof recorded?.body !== 'object' || recorded.body === null) continue;
      count++;
      // Clouds that name the model in the path leave it out of the body.
      const { request, streaming } = dialect.fromRequest({ model: 'a-model', ...recorded.body });
      const found = problems(written(dialect, request, { vendor, model: request.model, streaming }), streaming);
      if (found.length > 0) wrong[id] = found;
    }
    expect(Object.entries(wrong).filter(([id]) => !(id in EXCEPTIONS))).toEqual([]);
    expect(Object.keys(wrong)).toEqual(exchanges.filter((exchange) => exchange.api === api && exchange.id in EXCEPTIONS).map(({ id }) => id));
    expect(count).toBeGreaterThan(200);
  });

  it.each(protocols)('for every recorded answer of any vendor, sent back with the results of its tools: $api', ({ api, dialect, vendor, models, lax, strict }) => {
    const [own, foreign] = [lax(), strict()];
    const wrong: Record<string, readonly string[]> = {};
    let count = 0;
    for (const exchange of exchanges) {
      const messages = conversationAfter(exchange);
      if (messages === undefined) continue;
      count++;
      // Its own answers may carry what is newer than the schema; those of others must leave nothing of theirs behind.
      const problems = exchange.api === api && exchange.provider === vendor ? own : foreign;
      const found = problems(written(dialect, { model: 'any/model', messages }, { vendor, model: models[0] ?? '', streaming: false }), false);
      if (found.length > 0) wrong[exchange.id] = found;
    }
    expect(wrong).toEqual({});
    expect(count).toBeGreaterThan(1000);
  });
});

interface Setting {
  readonly vendor: string;
  readonly model: string;
  readonly streaming: boolean;
}

function written(dialect: OutboundDialect, request: ChatRequest, { vendor, model, streaming }: Setting): JsonObject {
  return dialect.toRequest(request, { provider: vendor, vendor, model, streaming, warn: () => undefined });
}

/** Undefined: there is nothing of it to send back. */
function conversationAfter(exchange: Exchange): readonly Message[] | undefined {
  // Of one of the four, by the filter above.
  const { content, error } = replay(ANSWERING[exchange.api] as OutboundDialect, exchange);
  if (error !== undefined || content.length === 0) return undefined;
  const calls = content.filter((part) => part.type === 'tool-call');
  const results = calls.map(({ id }): Message => ({ role: 'tool', toolCallId: id, content: 'done' }));
  return [{ role: 'user', content: 'Begin.' }, { role: 'assistant', content }, ...results, { role: 'user', content: 'Go on.' }];
}

import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../src/dialects/anthropic-messages/dialect.js';
import type { InboundDialect, OutboundDialect } from '../../src/dialects/dialect.js';
import { googleGenerateContent } from '../../src/dialects/google-generate-content/dialect.js';
import { openaiChat } from '../../src/dialects/openai-chat/dialect.js';
import { openaiResponses } from '../../src/dialects/openai-responses/dialect.js';
import { fixturesFolder, haveFixtures, readFixture } from '../support/fixtures.js';
import { differingFields, meaningOf, type Protocol, type Wire } from './translation-meaning.js';

interface Pair {
  readonly id: string;
  readonly direction: string;
  readonly from: string;
  readonly to: string;
  readonly input: Wire;
  readonly expected: Wire;
}

const INBOUND: Readonly<Record<string, InboundDialect>> = {
  'openai.chat': openaiChat(),
  'openai.responses': openaiResponses(),
  'anthropic.messages': anthropicMessages(),
};

const OUTBOUND: Readonly<Record<string, OutboundDialect>> = {
  'openai.chat': openaiChat(),
  'openai.responses': openaiResponses(),
  'anthropic.messages': anthropicMessages(),
  'anthropic.messages@vertex': anthropicMessages({ cloud: 'vertex' }),
  'anthropic.messages@bedrock': anthropicMessages({ cloud: 'bedrock' }),
  'google.generateContent': googleGenerateContent(),
};

const OWN_DEFAULTS = 'the peer merges the defaults of its route into the request';
const OWN_LIMIT = 'the protocol wants a limit and the request has none: each gateway has a default of its own';
const NOT_STORED = 'the gateway keeps the conversation itself, so the provider is not asked to store it';

/** Where the body written here means something else than the peer's, field by field, and why that is right. */
const DIFFERENT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'agentgateway-req-responses-assistant-history-to-openai': { input: 'the peer puts the prompts of its route before and after the conversation', store: NOT_STORED },
  'agentgateway-req-messages-basic-to-responses': { store: NOT_STORED },
  'kong-request-azure': { max_tokens: OWN_DEFAULTS, temperature: OWN_DEFAULTS, top_p: OWN_DEFAULTS },
  'kong-request-mistral-openai': { max_tokens: OWN_DEFAULTS, temperature: OWN_DEFAULTS },
  'kong-request-openai': { max_tokens: OWN_DEFAULTS, temperature: OWN_DEFAULTS },
  'kong-request-gemini': {
    'generationConfig.temperature': OWN_DEFAULTS,
    'generationConfig.topK': OWN_DEFAULTS,
    'generationConfig.topP': OWN_DEFAULTS,
    'generationConfig.maxOutputTokens': OWN_DEFAULTS,
  },
  'kong-request-anthropic': { max_tokens: OWN_LIMIT, temperature: OWN_DEFAULTS },
  'envoy-req-gcp-anthropicai-v1-chat-completions-missing-max-tokens': { max_tokens: OWN_LIMIT },
  'envoy-req-aws-anthropic-v1-chat-completions-missing-max-tokens': { max_tokens: OWN_LIMIT },
  'agentgateway-req-completions-tool-call-to-anthropic': { max_tokens: OWN_LIMIT },
  'agentgateway-req-completions-reasoning_max-to-anthropic': {
    max_tokens: OWN_LIMIT,
    thinking: 'this model thinks adaptively; a budget is the older form',
    output_config: 'so the effort is said as an effort',
  },
  'agentgateway-req-completions-full-to-anthropic': {
    metadata: '`user` has no place in the request schema; it goes to the protocol it came in alone',
    output_config: 'an open schema is refused by the API; JSON without a schema is a warning',
    stop_sequences: 'white space is refused by the API; it is a warning',
    tools: 'the peer drops the older `functions` beside `tools`',
  },
  'agentgateway-req-completions-generation-config-to-vertex-gemini': { 'generationConfig.candidateCount': 'one answer is asked for, whatever `n` says' },
  'agentgateway-req-completions-reasoning_max-to-vertex-gemini': { 'generationConfig.thinkingConfig': 'the budget that the peer chose for the highest effort' },
  'agentgateway-req-completions-structured-output-to-vertex-gemini': { 'generationConfig.responseSchema': 'the peer writes references out; the JSON-schema field takes them as they are' },
  'agentgateway-req-messages-gpt_adaptive_thinking_with_tools-to-completions': { reasoning_effort: 'adaptive thinking without an effort is no request for none' },
  'agentgateway-req-messages-metadata-to-completions': { user: '`metadata` has no place in the request schema; it goes to the protocol it came in alone' },
};

/** Why a pair cannot be run yet, or undefined when it can. */
function waitsFor({ direction, from, to }: Pair): string | undefined {
  if (direction !== 'request') return 'an encoder of answers';
  if (OUTBOUND[to] === undefined) return `a dialect that writes ${to}`;
  if (INBOUND[from] === undefined) return `a dialect that reads requests of ${from}`;
  return undefined;
}

/** How many pairs wait, and for what. A dialect or an encoder that is added moves its pairs to those that run. */
const WAITING: Readonly<Record<string, number>> = {
  nothing: 41,
  'an encoder of answers': 64,
  'a dialect that writes bedrock.converse': 15,
  'a dialect that writes cohere.chat1': 1,
  'a dialect that writes ollama.chat': 2,
  'a dialect that reads requests of google.generateContent': 3,
  'a dialect that reads requests of openai.embeddings': 3,
};

const pairs = haveFixtures ? globSync('translation/**/*.json', { cwd: fixturesFolder }).map((file) => readFixture(file) as Pair) : [];
const runnable = pairs.filter((pair) => waitsFor(pair) === undefined);

describe.skipIf(!haveFixtures)('requests translated from one protocol to another', () => {
  it('mean what another gateway wrote for them, but for the listed fields', () => {
    const differences = Object.fromEntries(runnable.map((pair) => [pair.id, differingFields(...bothBodies(pair))] as const).filter(([, fields]) => fields.length > 0));
    expect(differences).toEqual(Object.fromEntries(Object.entries(DIFFERENT).map(([id, fields]) => [id, Object.keys(fields).toSorted()])));
  });

  it('leave no pair out: what cannot be run yet waits for something that is named', () => {
    const waiting: Record<string, number> = {};
    for (const pair of pairs) {
      const reason = waitsFor(pair) ?? 'nothing';
      waiting[reason] = (waiting[reason] ?? 0) + 1;
    }
    expect(waiting).toEqual(WAITING);
    expect(pairs.length).toBe(129);
  });
});

/** The peer's body and ours, in one spelling. Inputs of routes that set the model themselves get it from the peer's answer. */
function bothBodies({ from, to, input, expected }: Pair): readonly [Wire, Wire] {
  const named = { model: expected['model'] ?? 'a-model', ...input };
  const vendor = to.split('.')[0] ?? to;
  const { request, streaming } = (INBOUND[from] as InboundDialect).fromRequest(named);
  const model = typeof expected['model'] === 'string' ? expected['model'] : request.model;
  const written = (OUTBOUND[to] as OutboundDialect).toRequest(request, { provider: vendor, vendor, model, streaming, warn: () => undefined });
  // `to` is one of the four by `OUTBOUND`, with a cloud behind the `@` at most.
  const protocol = to.split('@')[0] as Protocol;
  return [meaningOf(protocol, expected), meaningOf(protocol, written)];
}

import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/dialect.js';
import type { InboundDialect, OutboundDialect } from '../../../src/dialects/dialect.js';
import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import type { JsonObject } from '../../../src/types/json.js';
import { exchangeRows, haveFixtures, loadExchange, readFixture } from '../../support/fixtures.js';
import { dialect, scope } from './build.js';
import { meaningOf } from './meaning.js';

function rewritten(body: unknown, from: InboundDialect = dialect, to: OutboundDialect = dialect): JsonObject {
  const { request, streaming } = from.fromRequest(body);
  return to.toRequest(request, { ...scope, model: request.model, streaming, warn: () => {} });
}

describe.skipIf(!haveFixtures)('requests that real clients sent', () => {
  const bodies = exchangeRows()
    .filter((row) => row.api === 'openai.responses')
    .map((row) => [row.id, loadExchange(row).request?.body] as const)
    .filter(([, body]) => typeof body === 'object' && body !== null);

  it('are more than a hundred', () => {
    expect(bodies.length).toBeGreaterThan(100);
  });

  it.each(bodies)('is read and written without loss: %s', (_id, body) => {
    expect(meaningOf(rewritten(body))).toEqual(meaningOf(body as JsonObject));
  });
});

describe.skipIf(!haveFixtures)('requests as another gateway translates them', () => {
  interface Pair {
    readonly input: JsonObject;
    readonly expected: JsonObject;
  }
  const pair = (file: string): Pair => readFixture(`translation/request/${file}`) as Pair;

  it('anthropic.messages to openai.responses: a plain message', () => {
    const { input, expected } = pair('anthropic.messages__to__openai.responses/agentgateway-req-messages-basic-to-responses.json');
    expect(meaningOf(rewritten(input, anthropicMessages()))).toEqual(meaningOf(expected));
  });

  it('openai.responses to openai.chat: a list of input items, streamed', () => {
    const { input, expected } = pair('openai.responses__to__openai.chat/agentgateway-req-responses-input-list-to-gemini.json');
    expect(rewritten(input, dialect, openaiChat())).toEqual(expected);
  });

  it('openai.responses to openai.responses: what the assistant said, with its phase and refusal', () => {
    const { input, expected } = pair('openai.responses__to__openai.responses/agentgateway-req-responses-assistant-history-to-openai.json');
    // That gateway adds prompts of its own before and after.
    const items = (meaningOf(expected)['input'] as readonly unknown[]).filter((item) => !/(?:pre|ap)pend/.test(JSON.stringify(item)));
    expect(meaningOf(rewritten(input))).toEqual({ model: expected['model'], input: items });
  });

  it('openai.responses answers: a call cut off in its arguments', () => {
    const { input } = readFixture('translation/response/openai.responses__to__openai.responses/agentgateway-resp-responses-truncated_tool_call-responses-responses.json') as Pair;
    expect(dialect.fromResponse(input, scope)).toMatchObject({
      id: 'resp_truncated_tool_call',
      content: [{ type: 'tool-call', id: 'call_1', name: 'get_weather', input: null, invalidInput: '{"location": "Par' }],
      finishReason: 'other',
    });
  });
});

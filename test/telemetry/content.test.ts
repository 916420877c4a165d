import { derive, transform, type CallOf, type ChatRequest, type Interceptor, type Message } from 'headgate';
import type { TelemetryOptions } from 'headgate/telemetry';
import fc from 'fast-check';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { safeViewKey } from '../../src/core/safe-view.js';
import { failure } from '../support/adapters.js';
import { haveFixtures } from '../support/fixtures.js';
import { checkEvent, checkSpan } from './conformance.js';
import { startRecorder } from './sdk.js';
import { setUp } from './setting.js';
import { readSpecification } from './specification.js';

const recorder = startRecorder();
const specification = haveFixtures ? readSpecification() : undefined;
beforeEach(() => recorder.clear());
afterAll(() => recorder.stop());

const safe = (text: string): string => text.replaceAll(/CANARY-\d+/g, '[SECRET]');

/** As a redactor does it: what goes down is safe, what comes up is restored, and the safe form of both is left for observers. */
const redactor: Interceptor = {
  name: 'redact',
  stage: 'redact',
  async intercept(call, next) {
    if (call.operation !== 'chat') return next(call);
    const request = JSON.parse(safe(JSON.stringify(call.request))) as ChatRequest;
    call.locals.set(safeViewKey, { request });
    const reply = await next(derive(call as CallOf<'chat'>, { request }));
    if (reply.operation !== 'chat') return reply;
    return transform(reply, {
      delta: (delta) => [delta],
      flush() {
        const response = reply.snapshot();
        if (response !== undefined) call.locals.set(safeViewKey, { request, response: JSON.parse(safe(JSON.stringify(response))) as typeof response });
        return [];
      },
    });
  },
};

/** A call with secrets in every place that a caller and a provider can write to. */
function secretive(number: number): ChatRequest {
  const canary = `CANARY-${number}`;
  return {
    model: 'openai/m',
    messages: [
      { role: 'system', content: `You know ${canary}` },
      { role: 'user', content: [{ type: 'text', text: canary }, { type: 'image', data: `https://example.com/a.png?key=${canary}` }, { type: 'file', data: new TextEncoder().encode(canary), mediaType: 'text/plain', name: canary }] },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'c1', name: 'look', input: { at: canary } }] },
      { role: 'tool', toolCallId: 'c1', content: canary },
    ],
    tools: [{ name: 'look', description: canary, parameters: { type: 'object', description: canary } }],
    stop: [canary],
  }; // prettier-ignore
}

async function ask(options: TelemetryOptions, inside: readonly Interceptor[], number: number): Promise<void> {
  const { openai, gateway } = setUp(options, inside);
  const canary = `CANARY-${number}`;
  openai.on({ streaming: true }).always({ text: ['I know ', canary], reasoning: canary, toolCalls: [{ id: 'c2', name: 'look', input: { at: canary } }] });
  if (number % 5 === 0) openai.on({ streaming: false }).always({ error: 'permission', message: canary });
  else openai.on({ streaming: false }).always({ text: canary });
  const callOptions = { headers: { 'x-key': canary }, tags: { user: canary } };
  if (number % 2 === 0) await gateway.stream(secretive(number), callOptions).response();
  else await gateway.chat(secretive(number), callOptions).catch(() => undefined);
  openai.on({ streaming: true }).always('x');
}

describe('with content off, which it is by default', () => {
  it('none of 1,000 prompts, answers, tool inputs, headers, tags and provider messages reaches an exporter', { timeout: 60_000 }, async () => {
    for (let number = 0; number < 1000; number++) await ask({ details: number % 3 === 0 }, [], number);
    const everything = await recorder.everything();
    expect(everything).toContain('gen_ai.client.inference.operation.details');
    expect(everything).toContain('gen_ai.client.operation.exception');
    expect(everything.match(/CANARY/g)).toBeNull();
  });
});

describe("with content 'redacted'", () => {
  it('only what the redactor left is written, of 1,000 calls', { timeout: 60_000 }, async () => {
    for (let number = 0; number < 1000; number++) await ask({ content: 'redacted', details: true }, [redactor], number);
    const everything = await recorder.everything();
    expect(everything).toContain('[SECRET]');
    expect(everything.match(/CANARY/g)).toBeNull();
  });

  it('nothing is written where there is no redactor', async () => {
    await ask({ content: 'redacted', details: true }, [], 2);
    expect(await recorder.everything()).not.toMatch(/CANARY|input\.messages/);
  });
});

describe("with content 'unredacted'", () => {
  const written = (): Record<string, unknown> => recorder.spans.find(({ kind }) => kind === 2)?.attributes ?? {};

  it('what was asked and answered is on the span as JSON, and on the event as it is', async () => {
    await ask({ content: 'unredacted', details: true }, [], 2);
    const input = [
      { role: 'system', parts: [{ type: 'text', content: 'You know CANARY-2' }] },
      { role: 'user', parts: [{ type: 'text', content: 'CANARY-2' }, { type: 'uri', modality: 'image', uri: 'https://example.com/a.png' }, { type: 'media_left_out', modality: 'document', mime_type: 'text/plain', size: 8 }] },
      { role: 'assistant', parts: [{ type: 'tool_call', id: 'c1', name: 'look', arguments: { at: 'CANARY-2' } }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'CANARY-2' }] },
    ]; // prettier-ignore
    const output = [{ role: 'assistant', parts: [{ type: 'reasoning', content: 'CANARY-2' }, { type: 'text', content: 'I know CANARY-2' }, { type: 'tool_call', id: 'c2', name: 'look', arguments: { at: 'CANARY-2' } }], finish_reason: 'tool_call' }];
    const { 'gen_ai.input.messages': asked, 'gen_ai.output.messages': answered, 'gen_ai.tool.definitions': tools, 'gen_ai.request.stop_sequences': stop } = written();
    expect([JSON.parse(String(asked)), JSON.parse(String(answered)), JSON.parse(String(tools)), stop]).toEqual([input, output, [{ type: 'function', name: 'look' }], ['CANARY-2']]);
    expect(recorder.events[0]?.attributes).toMatchObject({ 'gen_ai.input.messages': input, 'gen_ai.output.messages': output, 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 10 });
    if (specification !== undefined) {
      for (const span of recorder.spans.filter(({ kind }) => kind === 2)) checkSpan(span, specification);
      for (const event of recorder.events) checkEvent(event, specification);
    }
  });

  it('a redactor goes before it', async () => {
    await ask({ content: 'unredacted' }, [redactor], 2);
    expect(String(written()['gen_ai.input.messages'])).toContain('[SECRET]');
    expect(await recorder.everything()).not.toContain('CANARY');
  });

  it('what had come of an answer that failed is there too, with what was asked', async () => {
    const { openai, gateway } = setUp({ content: 'unredacted' });
    openai.reply({ text: ['half'], ending: 'cut' });
    await failure(gateway.stream({ model: 'openai/m', messages: [{ role: 'user', content: 'hi' }] }).response());
    expect(written()).toMatchObject({ 'gen_ai.input.messages': '[{"role":"user","parts":[{"type":"text","content":"hi"}]}]', 'gen_ai.output.messages': expect.stringContaining('half') });
  });

  it('the newest messages are kept where not all may be', async () => {
    const { openai, gateway } = setUp({ content: 'unredacted', maxContentLength: 10 });
    openai.reply('a long answer');
    await gateway.chat({ model: 'openai/m', messages: [{ role: 'user', content: 'oldest' }, { role: 'user', content: 'older' }, { role: 'user', content: 'newest' }] });
    expect(JSON.parse(String(written()['gen_ai.input.messages']))).toEqual([{ role: 'user', parts: [{ type: 'text', content: 'old…' }] }, { role: 'user', parts: [{ type: 'text', content: 'newest' }] }]);
    expect(String(written()['gen_ai.output.messages'])).toContain('a long an…');
  });

  it.skipIf(!haveFixtures)('keeps to the schemas and to its length, whatever is asked and answered', async () => {
    const words = fc.string({ unit: 'binary', maxLength: 30 });
    const part = fc.oneof(
      fc.record({ type: fc.constant('text' as const), text: words }),
      fc.record({ type: fc.constant('image' as const), data: fc.oneof(words, fc.constant('data:image/png;base64,AAAA'), fc.webUrl()) }),
      fc.record({ type: fc.constant('audio' as const), data: fc.uint8Array({ maxLength: 9 }), mediaType: words }),
    );
    const messages = fc.array(fc.record({ role: fc.constant('user' as const), content: fc.oneof(words, fc.array(part, { minLength: 1, maxLength: 4 })) }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(messages, words, fc.jsonValue({ maxDepth: 3 }), async (asked, said, input) => {
        recorder.clear();
        const { openai, gateway } = setUp({ content: 'unredacted', maxContentLength: 40, details: true });
        openai.reply({ text: said, toolCalls: [{ name: 'run', input: input as never }] });
        await gateway.chat({ model: 'openai/m', messages: asked as readonly Message[] });
        for (const span of recorder.spans) if (span.kind === 2 && specification !== undefined) checkSpan(span, specification);
        for (const event of recorder.events) if (specification !== undefined) checkEvent(event, specification);
      }),
      { numRuns: 150 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/dialect.js';
import type { ChatRequest } from '../../../src/types/chat.js';
import type { AssistantPart, Message, ToolMessage, UserPart } from '../../../src/types/message.js';
import { foldEvents } from '../../support/fold.js';
import { answer, decode, ending, MIDDLE, scope, START, STOP } from './build.js';

const dialect = anthropicMessages();

const text = fc.string({ minLength: 1, maxLength: 12 }).map((start) => `${start}.`);
const name = fc.stringMatching(/^[a-z_]{1,8}$/);
const json = fc.dictionary(name, fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.array(fc.integer(), { maxLength: 3 })), { maxKeys: 3, noNullPrototype: true });
const marked = { providerData: fc.constant({ 'anthropic-messages': { cache_control: { type: 'ephemeral' } } }) };
const part = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) => fc.record({ ...model, ...marked }, { requiredKeys: Object.keys(model) as never });

const words = part({ type: fc.constant('text' as const), text });
const media: fc.Arbitrary<UserPart> = fc.oneof(
  part({ type: fc.constant('image' as const), data: fc.constantFrom('https://example.com/a.png', 'https://example.com/b.png') }),
  part({ type: fc.constant('image' as const), data: fc.constant('AAAA'), mediaType: fc.constantFrom('image/png', 'image/jpeg') }),
  part({ type: fc.constant('file' as const), data: fc.constant('AAAA'), mediaType: fc.constant('application/pdf'), name: text }),
  part({ type: fc.constant('file' as const), data: fc.constant('aMOkaA=='), mediaType: fc.constant('text/plain') }),
) as fc.Arbitrary<UserPart>;
const userContent = fc.oneof(text, fc.array(fc.oneof(words, media) as fc.Arbitrary<UserPart>, { minLength: 1, maxLength: 3 }));
const user: fc.Arbitrary<Message> = userContent.map((content) => ({ role: 'user', content }));

const said: fc.Arbitrary<AssistantPart> = fc.oneof(
  fc.record({ type: fc.constant('text' as const), text }),
  fc.record({ type: fc.constant('reasoning' as const), text, providerData: text.map((signature) => ({ 'anthropic-messages': { signature } })) }),
  text.map((data) => ({ type: 'reasoning' as const, text: '', redacted: true, providerData: { 'anthropic-messages': { data } } })),
  json.map((data) => ({ type: 'opaque' as const, provider: 'anthropic-messages', kind: 'invented_block', data: { ...data, type: 'invented_block' } })),
);

/** A turn of the assistant with its calls, and every result after it. */
const turn: fc.Arbitrary<readonly Message[]> = fc
  .tuple(fc.array(said, { minLength: 1, maxLength: 3 }), fc.array(fc.record({ name, input: json, content: fc.oneof(fc.constant(''), text), isError: fc.option(fc.boolean(), { nil: undefined }) }), { maxLength: 3 }), user)
  .map(([content, calls, next]) => {
    const ids = calls.map((_, index) => `call_${index}`);
    const asked = calls.map((call, index): AssistantPart => ({ type: 'tool-call', id: ids[index] ?? '', name: call.name, input: call.input }));
    const results = calls.map((call, index): ToolMessage => ({ role: 'tool', toolCallId: ids[index] ?? '', content: call.content, ...(call.isError !== undefined && { isError: call.isError }) }));
    return [{ role: 'assistant', content: [...content, ...asked] }, ...results, blocked(next, calls.length > 0)];
  });

/** Text beside results is a block of their message, so it comes back as one. */
function blocked(message: Message, besideResults: boolean): Message {
  return besideResults && message.role === 'user' && typeof message.content === 'string' ? { role: 'user', content: [{ type: 'text', text: message.content }] } : message;
}

const tool = fc.record({ name, description: text, parameters: fc.constant({ type: 'object', properties: {} }), strict: fc.constant(false), ...marked }, { requiredKeys: ['name', 'parameters'] });
const request = fc
  .record(
    {
      model: fc.constant(MIDDLE),
      maxTokens: fc.integer({ min: 2000, max: 9000 }),
      messages: fc.tuple(fc.option(text, { nil: undefined }), user, fc.array(turn, { maxLength: 3 })).map(([system, first, turns]): readonly Message[] => [...(system === undefined ? [] : [{ role: 'system' as const, content: system }]), first, ...turns.flat()]),
      tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
      temperature: fc.double({ min: 0, max: 1, noNaN: true }),
      topK: fc.nat(50),
      stop: fc.array(text, { minLength: 1, maxLength: 2 }),
      output: fc.constant({ type: 'json' as const, schema: { type: 'object', properties: {}, additionalProperties: false } }),
      providerOptions: fc.constant({ 'anthropic-messages': { metadata: { user_id: 'u' } } }),
    },
    { requiredKeys: ['model', 'maxTokens', 'messages'] },
  )
  .chain((base) => fc.record({ base: fc.constant(base), choice: fc.constantFrom<ChatRequest['toolChoice']>('auto', 'required', { tool: 'f' }), parallelToolCalls: fc.option(fc.boolean(), { nil: undefined }) }))
  .map(({ base, choice, parallelToolCalls }): ChatRequest => (base.tools === undefined ? base : { ...base, toolChoice: choice as NonNullable<typeof choice>, ...(parallelToolCalls !== undefined && { parallelToolCalls }) }));

describe('the protocol', () => {
  it('gives a request back as it was, in everything that it can say', () => {
    fc.assert(
      fc.property(request, (asked) => {
        const warnings: unknown[] = [];
        const wire = dialect.toRequest(asked, { ...scope, model: asked.model, streaming: false, warn: (warning) => void warnings.push(warning) });
        expect(warnings).toEqual([]);
        expect(dialect.fromRequest(JSON.parse(JSON.stringify(wire)))).toEqual({ request: asked, streaming: false, asked: { model: MIDDLE } });
      }),
    );
  });

  it('gives the content of an answer back as it came, when the answer is history', () => {
    const block = fc.oneof(
      fc.record({ type: fc.constant('text'), text }),
      fc.record({ type: fc.constant('thinking'), thinking: text, signature: text }),
      fc.record({ type: fc.constant('tool_use'), id: name, name, input: json }),
      json.map((data) => ({ ...data, type: 'web_search_tool_result' })),
    );
    fc.assert(
      fc.property(fc.array(block, { minLength: 1, maxLength: 5 }), (blocks) => {
        const { content } = dialect.fromResponse(answer(blocks), scope);
        const wire = dialect.toRequest({ model: MIDDLE, messages: [{ role: 'assistant', content }, { role: 'user', content: 'Go on' }] }, { ...scope, model: MIDDLE, streaming: false, warn: () => undefined });
        expect(wire['messages']).toEqual([{ role: 'assistant', content: blocks }, { role: 'user', content: 'Go on' }]);
      }),
    );
  });

  it('streams to the same answer as it gives at once, however its deltas are cut', () => {
    const cut = fc.array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 });
    const block = fc.oneof(
      cut.map((parts) => ({ whole: { type: 'text', text: parts.join('') }, start: { type: 'text', text: '' }, deltas: parts.map((piece) => ({ type: 'text_delta', text: piece })) })),
      cut.map((parts) => ({
        whole: { type: 'thinking', thinking: parts.join(''), signature: 's' },
        start: { type: 'thinking', thinking: '', signature: '' },
        deltas: [...parts.map((piece) => ({ type: 'thinking_delta', thinking: piece })), { type: 'signature_delta', signature: 's' }],
      })),
      fc.tuple(fc.uuid(), json, fc.nat(20)).map(([id, input, at]) => {
        const whole = JSON.stringify(input);
        return { whole: { type: 'tool_use', id, name: 'f', input }, start: { type: 'tool_use', id, name: 'f', input: {} }, deltas: [whole.slice(0, at), whole.slice(at)].map((piece) => ({ type: 'input_json_delta', partial_json: piece })) };
      }),
    );
    fc.assert(
      fc.property(fc.array(block, { maxLength: 5 }), (blocks) => {
        const events = blocks.flatMap(({ start, deltas }, index) => [
          { type: 'content_block_start', index, content_block: start },
          ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
          { type: 'content_block_stop', index },
        ]);
        const folded = foldEvents(decode(START, ...events, ending(), STOP));
        const { content, finishReason, usage } = dialect.fromResponse(answer(blocks.map(({ whole }) => whole)), scope);
        expect(folded.breaches).toEqual([]);
        expect(folded).toMatchObject({ content, finishReason, usage });
      }),
    );
  });

  it('decodes events of any shape without a crash of another kind than its own', () => {
    const event = fc.record({
      type: fc.constantFrom('message_start', 'content_block_start', 'content_block_delta', 'content_block_stop', 'message_delta', 'ping', 'x'),
      index: fc.oneof(fc.nat(2), fc.string()),
      message: fc.jsonValue(),
      content_block: fc.oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom('text', 'tool_use', 'thinking', 'server_tool_use'), text: fc.jsonValue(), input: fc.jsonValue(), id: fc.jsonValue() })),
      delta: fc.oneof(fc.jsonValue(), fc.record({ type: fc.constantFrom('text_delta', 'input_json_delta', 'signature_delta', 'citations_delta'), text: fc.jsonValue(), partial_json: fc.jsonValue(), citation: fc.jsonValue() })),
      usage: fc.jsonValue(),
    }, { requiredKeys: ['type'] });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (events) => {
        expect(failureOf(() => decode(...events, STOP))).toBeOneOf([undefined, 'ProviderError']);
      }),
      { numRuns: 300 },
    );
  });
});

function failureOf(attempt: () => void): string | undefined {
  try {
    attempt();
    return undefined;
  } catch (error) {
    return (error as Error).name;
  }
}

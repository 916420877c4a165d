import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import { DIALECT } from '../../../src/dialects/openai-chat/wire.js';
import type { ChatRequest } from '../../../src/types/chat.js';
import type { JsonObject } from '../../../src/types/json.js';
import type { Message } from '../../../src/types/message.js';
import { foldEvents } from '../../support/fold.js';
import { decodedEvents, delta, end, scope } from './builders.js';

const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
const word = fc.stringMatching(/^[a-z][a-z_]{0,9}$/);
const number = fc.integer({ min: -20, max: 20 }).map((value) => value / 10);
// Keys that JavaScript treats specially are kept as text, which has tests of its own.
const json = fc.dictionary(word, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text, { maxLength: 2 })), { maxKeys: 3 }).map((value) => ({ ...value }) as JsonObject);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const textPart = text.map((value) => ({ type: 'text', text: value }) as const);
const mediaPart = fc.oneof(
  fc.constantFrom('auto', 'low', 'high').map((detail) => ({ type: 'image', data: 'https://x/y.png', detail }) as const),
  fc.constant({ type: 'image', data: 'data:image/gif;base64,AAAA' } as const),
  fc.constant({ type: 'audio', data: 'AAAA', mediaType: 'audio/mpeg' } as const),
  fc.constant({ type: 'audio', data: 'AAAA', mediaType: 'audio/wav' } as const),
  word.map((name) => ({ type: 'file', data: 'data:application/pdf;base64,AAAA', mediaType: 'application/pdf', name }) as const),
);
/** One part of text would come back as a string, which means the same. */
const userContent = fc.oneof(text, fc.tuple(textPart, fc.oneof(textPart, mediaPart), fc.array(mediaPart, { maxLength: 2 })).map(([first, second, rest]) => [first, second, ...rest]));

const turn = fc
  .record({ reasoning: optional(text), said: fc.array(textPart, { maxLength: 1 }), refusal: optional(text), calls: fc.array(fc.record({ name: word, input: json, result: fc.string() }), { maxLength: 3 }) })
  .filter(({ reasoning, refusal, calls }) => reasoning !== undefined || refusal !== undefined || calls.length > 0);

const conversation = fc.tuple(optional(text), fc.array(fc.tuple(userContent, turn), { maxLength: 3 }), userContent).map(([system, turns, last]) => {
  const messages: Message[] = system === undefined ? [] : [{ role: 'system', content: system }];
  for (const [index, [asked, { reasoning, said, refusal, calls }]] of turns.entries()) {
    messages.push({ role: 'user', content: asked }, {
      role: 'assistant',
      content: [
        ...(reasoning === undefined ? [] : [{ type: 'reasoning', text: reasoning } as const]),
        ...said,
        ...(refusal === undefined ? [] : [{ type: 'refusal', text: refusal } as const]),
        ...calls.map(({ name, input }, position) => ({ type: 'tool-call', id: `call_${index}_${position}`, name, input }) as const),
      ],
    });
    for (const [position, { result }] of calls.entries()) messages.push({ role: 'tool', toolCallId: `call_${index}_${position}`, content: result });
  }
  return [...messages, { role: 'user', content: last } as const];
});

const request: fc.Arbitrary<ChatRequest> = fc
  .record({
    messages: conversation,
    tools: optional(fc.array(fc.record({ name: word, description: text, parameters: json, strict: fc.boolean() }), { minLength: 1, maxLength: 2 })),
    toolChoice: optional(fc.oneof(fc.constantFrom('auto' as const, 'none' as const, 'required' as const), word.map((tool) => ({ tool })))),
    parallelToolCalls: optional(fc.boolean()),
    output: optional(fc.oneof(fc.constant({ type: 'json' } as const), fc.record({ type: fc.constant('json' as const), schema: json, name: word, strict: fc.boolean() }))),
    maxTokens: optional(fc.nat()),
    temperature: optional(number),
    topP: optional(number),
    topK: optional(fc.nat()),
    stop: optional(fc.array(text, { minLength: 1, maxLength: 3 })),
    seed: optional(fc.integer()),
    presencePenalty: optional(number),
    frequencyPenalty: optional(number),
    reasoning: optional(fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh').map((effort) => ({ effort }) as const)),
    providerOptions: optional(json.filter((options) => Object.keys(options).length > 0 && Object.values(options).every((value) => value !== null && value !== '')).map((options) => ({ [DIALECT]: { x_more: options } }))),
  })
  .map(({ tools, toolChoice, parallelToolCalls, ...rest }) => {
    // Choice and parallel calls mean nothing without tools, and are not sent then.
    const whole = { model: 'm', ...rest, ...(tools !== undefined && { tools, toolChoice, parallelToolCalls }) };
    return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as unknown as ChatRequest;
  });

it('a request comes back whole from the wire', () => {
  const dialect = openaiChat({ unsupported: [], reasoningHistory: 'reasoning_content' });
  fc.assert(
    fc.property(request, fc.boolean(), (asked, streaming) => {
      const warnings: unknown[] = [];
      const wire = dialect.toRequest(asked, { ...scope, model: 'm', streaming, warn: (warning) => void warnings.push(warning) });
      const back = dialect.fromRequest(JSON.parse(JSON.stringify(wire)));
      expect(back.request).toEqual(asked);
      expect(back.streaming).toBe(streaming);
      expect(warnings).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

it('a stream folds to the same content as the whole answer', () => {
  const message = fc.record({
    reasoning_content: optional(text), content: optional(text), refusal: optional(text),
    tool_calls: fc.array(fc.record({ id: fc.constant(undefined), name: word, arguments: fc.oneof(json.map((value) => JSON.stringify(value)), text) }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(message, fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }), ({ tool_calls, ...texts }, sizes) => {
      const calls = tool_calls.map((call, index) => ({ id: `c${index}`, type: 'function', function: { name: call.name, arguments: call.arguments } }));
      const whole = openaiChat().fromResponse({ id: 'c1', model: 'm1', choices: [{ index: 0, message: { ...texts, tool_calls: calls }, finish_reason: 'stop' }] }, scope);
      const chunks: unknown[] = [];
      for (const [field, value] of Object.entries(texts)) for (const piece of pieces(value ?? '', sizes)) chunks.push(delta({ [field]: piece }));
      for (const [index, call] of calls.entries()) {
        chunks.push(delta({ tool_calls: [{ ...call, index, function: { ...call.function, arguments: '' } }] }));
        for (const piece of pieces(call.function.arguments, sizes)) chunks.push(delta({ tool_calls: [{ index, function: { arguments: piece } }] }));
      }
      const folded = foldEvents(decodedEvents(...chunks, end, '[DONE]'));
      expect(folded.breaches).toEqual([]);
      expect(folded.content).toEqual(whole.content);
      expect(folded.finishReason).toBe(whole.finishReason);
    }),
    { numRuns: 300 },
  );
});

function pieces(value: string, sizes: readonly number[]): readonly string[] {
  const found: string[] = [];
  for (let at = 0, turn = 0; at < value.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    found.push(value.slice(at, at + size));
    at += size;
  }
  return found;
}

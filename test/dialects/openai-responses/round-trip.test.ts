import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatRequest } from '../../../src/types/chat.js';
import type { JsonObject } from '../../../src/types/json.js';
import { dialect } from './build.js';

function written(request: ChatRequest, streaming: boolean): JsonObject {
  return dialect.toRequest(request, { provider: 'openai', vendor: 'openai-responses', model: request.model, streaming, warn: () => {} });
}

describe('fromRequest(toRequest(x)) keeps everything that the protocol can say', () => {
  const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
  const name = fc.stringMatching(/^[a-z]{1,8}$/);
  const schema = fc.record({ type: fc.constant('object'), properties: fc.dictionary(name, fc.record({ type: fc.constantFrom('string', 'number') })) });
  const own = (data: JsonObject) => ({ providerData: { 'openai-responses': data } });
  // No part has marks unless they say so: an absent field and an undefined one are not the same.
  const text = words.map((value) => ({ type: 'text' as const, text: value }));
  const image = fc.record({ type: fc.constant('image' as const), data: fc.constantFrom('https://a/b.png', 'data:image/png;base64,AAAA'), detail: fc.constantFrom('auto' as const, 'low' as const, 'high' as const) });
  const file = fc.constantFrom(
    { type: 'file' as const, data: 'data:application/pdf;base64,AAAA', mediaType: 'application/pdf', name: 'a.pdf' },
    { type: 'file' as const, data: 'https://a/b.pdf', mediaType: 'application/pdf' },
    { type: 'file' as const, data: '', mediaType: 'application/pdf', ...own({ file_id: 'file-1' }) },
  );
  const input = fc.dictionary(name, fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null)));
  const call = fc.record({ type: fc.constant('tool-call' as const), id: name, name, input });
  const said = words.map((value) => ({ type: 'text' as const, text: value, ...own({ id: 'msg_1' }) }));
  const thought = words.map((value) => ({ type: 'reasoning' as const, text: value, ...own({ id: 'rs_1', encrypted_content: 'x' }) }));
  const custom = fc.tuple(name, words).map(([id, value]) => ({ type: 'tool-call' as const, id, name: 'sql', input: value, ...own({ type: 'custom' }) }));
  const opaque = words.map((query) => ({ type: 'opaque' as const, provider: 'openai-responses', kind: 'web_search_call', data: { type: 'web_search_call', query } }));
  const turn = fc.oneof(
    fc.record({ role: fc.constant('user' as const), content: fc.oneof(words, fc.array(fc.oneof(text, image, file), { minLength: 1, maxLength: 3 })) }),
    fc.tuple(fc.option(thought), fc.option(said), fc.array(fc.oneof(call, custom, opaque), { maxLength: 2 })).map(([first, second, rest]) => ({
      role: 'assistant' as const,
      content: [...(first === null ? [] : [first]), ...(second === null ? [] : [second]), ...rest],
    })),
    fc.record({ role: fc.constant('tool' as const), toolCallId: name, content: fc.oneof(words, fc.array(fc.oneof(text, image), { minLength: 2, maxLength: 3 })) }),
  );
  // Neighbouring assistant messages and empty ones are the same to the protocol; the request keeps them apart.
  const conversation = fc.array(turn, { minLength: 1, maxLength: 5 }).map((turns) =>
    turns.filter((one, at) => one.content.length > 0 && !(one.role === 'assistant' && turns[at - 1]?.role === 'assistant')),
  ).filter((turns) => turns.length > 0 && turns.every((one, at) => one.role !== 'assistant' || turns[at - 1]?.role !== 'assistant'));
  const tool = fc.oneof(
    fc.record({ name, parameters: schema, strict: fc.boolean() }),
    fc.record({ name, description: words, parameters: schema, strict: fc.boolean() }),
    words.map((location) => ({ type: 'provider' as const, provider: 'openai-responses', definition: { type: 'web_search', user_location: location } })),
  );
  const request = fc.record(
    {
      model: name,
      messages: fc.tuple(fc.option(words), conversation).map(([system, turns]) => [...(system === null ? [] : [{ role: 'system' as const, content: system }]), ...turns]),
      tools: fc.array(tool, { minLength: 1, maxLength: 3 }),
      toolChoice: fc.oneof(fc.constantFrom('auto' as const, 'none' as const, 'required' as const), fc.record({ tool: name })),
      parallelToolCalls: fc.boolean(),
      output: fc.oneof(fc.constant({ type: 'json' as const }), fc.record({ type: fc.constant('json' as const), schema, name, strict: fc.boolean() })),
      maxTokens: fc.integer({ min: 16, max: 9999 }),
      temperature: fc.double({ min: 0, max: 2, noNaN: true }),
      topP: fc.double({ min: 0, max: 1, noNaN: true }),
      reasoning: fc.record({ effort: fc.constantFrom('none' as const, 'low' as const, 'high' as const, 'xhigh' as const) }),
      providerOptions: fc.record({ 'openai-responses': fc.record({ service_tier: words, store: fc.boolean(), include: fc.constant(['file_search_call.results']) }) }),
    },
    { requiredKeys: ['model', 'messages', 'providerOptions'] },
  );

  it('for requests of every kind', () => {
    fc.assert(
      fc.property(request, fc.boolean(), (asked, streaming) => {
        const read = dialect.fromRequest(JSON.parse(JSON.stringify(written(asked, streaming))));
        expect(read.request).toEqual(JSON.parse(JSON.stringify(asked)));
        expect(read.streaming).toBe(streaming);
      }),
      { numRuns: 300 },
    );
  });
});

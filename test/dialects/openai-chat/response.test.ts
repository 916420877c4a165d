import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import { answer, assistant, decoded, delta, end, scope, writtenMessages } from './builders.js';

const read = (wire: unknown) => openaiChat().fromResponse(wire, scope);
const content = (message: unknown) => read(answer(message)).content;
const call = (id: unknown, args: unknown, name = 'f') => ({ id, type: 'function', function: { name, arguments: args } });

describe('a whole chat completion', () => {
  it('gives text, id, model, tier and usage', () => {
    expect(read(answer({ role: 'assistant', content: 'a' }, { service_tier: 'flex', usage: { prompt_tokens: 1, completion_tokens: 2 } }))).toEqual({
      id: 'c1', model: 'm1', content: [{ type: 'text', text: 'a' }], finishReason: 'stop', serviceTier: 'flex', usage: { inputTokens: 1, outputTokens: 2 },
    });
  });

  it('has no usage where the server sent none', () => {
    expect(read(answer({ content: 'a' }))).not.toHaveProperty('usage');
  });

  it('gives reasoning, text, refusal and calls in this order', () => {
    expect(content({ refusal: 'no', content: 'a', reasoning_content: 'hm', tool_calls: [call('1', '{}')] }).map((part) => part.type)).toEqual(['reasoning', 'text', 'refusal', 'tool-call']);
  });

  it('gives every readable entry of the reasoning details a part, whose text is nowhere else', () => {
    const details = [{ type: 'reasoning.summary', summary: 'a', index: 0 }, { type: 'reasoning.encrypted', data: 'x', index: 0 }, { type: 'reasoning.summary', summary: 'b', index: 1 }];
    const parts = content({ content: null, reasoning: 'ab', reasoning_details: details });
    expect(parts).toEqual([
      { type: 'reasoning', text: 'a', providerData: { acme: { reasoning_details: [{ type: 'reasoning.summary', index: 0 }, { type: 'reasoning.encrypted', data: 'x', index: 0 }] } } },
      { type: 'reasoning', text: 'b', providerData: { acme: { reasoning_details: [{ type: 'reasoning.summary', index: 1 }] } } },
    ]);
    expect(writtenMessages([assistant(...parts)], { reasoningHistory: 'reasoning_details' })).toEqual([{ role: 'assistant', content: '', reasoning_details: details }]);
    expect(decoded(...details.map((detail) => delta({ reasoning_details: [detail] })), end).content).toEqual(parts);
  });

  it('keeps arguments that are not JSON, and those that would reach a prototype, as text', () => {
    const hostile = '{"__proto__":{"admin":true}}';
    expect(content({ tool_calls: [call('1', '{"a":'), call('2', hostile), call('3', { a: 1 }), call('4', null)] })).toEqual([
      { type: 'tool-call', id: '1', name: 'f', input: null, invalidInput: '{"a":' },
      { type: 'tool-call', id: '2', name: 'f', input: null, invalidInput: hostile },
      { type: 'tool-call', id: '3', name: 'f', input: { a: 1 } },
      { type: 'tool-call', id: '4', name: 'f', input: {} },
    ]);
  });

  it('gives every call an id of its own, the same each time', () => {
    const message = { tool_calls: [call('', '{}'), call(undefined, '{}'), call('x', '{}'), call('x', '{}')], function_call: { name: 'g', arguments: '{}' } };
    const ids = content(message).map((part) => (part.type === 'tool-call' ? part.id : ''));
    expect(new Set(ids).size).toBe(5);
    expect(content(message).map((part) => (part.type === 'tool-call' ? part.id : ''))).toEqual(ids);
  });

  it('keeps free-form calls as text', () => {
    expect(content({ tool_calls: [{ id: '1', type: 'custom', custom: { name: 'sql', input: 'select 1' } }] })).toEqual([
      { type: 'tool-call', id: '1', name: 'sql', input: 'select 1', providerData: { acme: { type: 'custom' } } },
    ]);
  });

  it('gives spoken output with its transcript, of the format that its first bytes show', () => {
    expect(content({ content: null, audio: { id: 'a1', data: 'T2dnUw==', transcript: 'hi', expires_at: 1 } })).toEqual([
      { type: 'audio', data: 'T2dnUw==', mediaType: 'audio/ogg', transcript: 'hi', providerData: { acme: { id: 'a1', expires_at: 1 } } },
    ]);
  });

  it('gives generated images', () => {
    expect(content({ content: 'a', images: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] })).toEqual([
      { type: 'text', text: 'a' }, { type: 'image', data: 'data:image/png;base64,AAAA', mediaType: 'image/png' },
    ]);
  });

  it('keeps annotations that are no links so that they can go back', () => {
    const file = { type: 'file', file: { hash: 'h' } };
    expect(content({ content: 'a', annotations: [file] })).toEqual([{ type: 'text', text: 'a', providerData: { acme: { annotations: [file] } } }]);
  });

  it('keeps items of a content list that it does not know', () => {
    const reference = { type: 'reference', reference_ids: [1] };
    expect(content({ content: [{ type: 'text', text: 'a' }, reference, { type: 'text', text: 'b' }] })).toEqual([
      { type: 'text', text: 'a' }, { type: 'opaque', provider: 'acme', kind: 'chat-content-item', data: reference }, { type: 'text', text: 'b' },
    ]);
  });

  it('keeps thought signatures of the message so that they can go back', () => {
    const extra_content = { google: { thought_signature: 's' } };
    expect(content({ content: 'a', extra_content })).toEqual([{ type: 'text', text: 'a' }, { type: 'opaque', provider: 'acme', kind: 'chat-message-members', data: { extra_content } }]);
  });

  it('answers with choice 0, and keeps the others, logprobs and unknown members under the vendor', () => {
    const other = { index: 1, message: { content: 'b' }, finish_reason: 'stop' };
    const wire = {
      id: 'c1', model: 'm1', object: 'chat.completion', created: 1, x_new: 1, system_fingerprint: null,
      choices: [other, { index: 0, message: { content: 'a', executed_tools: [1] }, finish_reason: 'stop', logprobs: { content: [] }, content_filter_results: { hate: 1 } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, cost: 0.5 },
    };
    expect(read(wire)).toMatchObject({
      content: [{ type: 'text', text: 'a' }],
      providerData: { acme: { x_new: 1, logprobs: { content: [] }, content_filter_results: { hate: 1 }, message: { executed_tools: [1] }, choices: [other], usage: { cost: 0.5 } } },
    });
  });

  it('ends as a refusal or as tool calls also where the server says stop', () => {
    expect(read(answer({ refusal: 'no' })).finishReason).toBe('refusal');
    expect(read(answer({ tool_calls: [call('1', '{}')] })).finishReason).toBe('tool-calls');
    expect(read(answer({ tool_calls: [call('1', '{')] }, {}, 'length')).finishReason).toBe('length');
    expect(read(answer({ content: 'a' }, {}, '')).finishReason).toBe('stop');
    expect(read(answer({ content: '' }, {}, null)).finishReason).toBe('other');
  });

  it('fails where the finish reason is a failure', () => {
    expect(() => read(answer({ content: 'a' }, {}, 'insufficient_system_resource'))).toThrow(expect.objectContaining({ code: 'overloaded' }));
  });

  it.each([{ content: 7 }, { content: [7, null, {}] }, { tool_calls: 'x' }, { tool_calls: [null, 7, {}] }, { reasoning_details: [null, 7] }, { annotations: [null, { type: 'url_citation' }] }, { audio: 7, images: [7] }, null])(
    'is read without a crash where the message is %j',
    (message) => {
      expect(read(answer(message)).id).toBe('c1');
    },
  );
});

import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/dialect.js';
import { ProviderError } from '../../../src/errors.js';
import { answer, build, scope } from './build.js';

const dialect = anthropicMessages();
const read = (content: readonly unknown[], fields = {}) => dialect.fromResponse(answer(content, fields), scope);

describe('an answer', () => {
  it('is text, thinking and tool calls, in their order', () => {
    const { id, model, content } = read([
      { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      { type: 'redacted_thinking', data: 'secret' },
      { type: 'text', text: 'Yes.', citations: null },
      { type: 'tool_use', id: 'toolu_1', name: 'f', input: { a: 1 }, caller: { type: 'direct' } },
    ]);
    expect([id, model]).toEqual(['msg_1', 'claude-sonnet-4-20250514']);
    expect(content).toEqual([
      { type: 'reasoning', text: 'Hm.', providerData: { anthropic: { signature: 'sig' } } },
      { type: 'reasoning', text: '', redacted: true, providerData: { anthropic: { data: 'secret' } } },
      { type: 'text', text: 'Yes.' },
      { type: 'tool-call', id: 'toolu_1', name: 'f', input: { a: 1 }, providerData: { anthropic: { caller: { type: 'direct' } } } },
    ]);
  });

  it.each([
    [{ type: 'char_location', cited_text: 'q', document_index: 0, document_title: 'T', start_char_index: 1, end_char_index: 2 }, { title: 'T', quote: 'q', start: 1, end: 2 }],
    [{ type: 'page_location', cited_text: 'q', document_index: 0, document_title: null, start_page_number: 1, end_page_number: 2 }, { quote: 'q', start: 1, end: 2 }],
    [{ type: 'content_block_location', cited_text: 'q', document_index: 0, document_title: 'T', start_block_index: 1, end_block_index: 2 }, { title: 'T', quote: 'q', start: 1, end: 2 }],
    [{ type: 'web_search_result_location', cited_text: 'q', url: 'https://a', title: 'T', encrypted_index: 'e' }, { url: 'https://a', title: 'T', quote: 'q' }],
    [{ type: 'search_result_location', cited_text: 'q', source: 'https://a', title: 'T', search_result_index: 0, start_block_index: 1, end_block_index: 2 }, { url: 'https://a', title: 'T', quote: 'q', start: 1, end: 2 }],
    [{ type: 'of_tomorrow', cited_text: 'q' }, { quote: 'q' }],
  ])('has its citations read, and kept as they came: %j', (wire, citation) => {
    expect(read([{ type: 'text', text: 'x', citations: [wire] }]).content).toEqual([{ type: 'text', text: 'x', citations: [citation], providerData: { anthropic: { citations: [wire] } } }]);
  });

  it('keeps server tools, and blocks that are not known yet, as opaque parts that go back whole', () => {
    const blocks = [
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [{ type: 'web_search_result', url: 'u', encrypted_content: 'e' }] },
      { type: 'mcp_tool_use', id: 'm', name: 'ask', server_name: 'wiki', input: {} },
      { type: 'invented_tomorrow', anything: [1] },
    ];
    const { content } = read(blocks);
    expect(content.map((part) => part.type === 'opaque' && [part.provider, part.kind])).toEqual(blocks.map(({ type }) => ['anthropic', type]));
    expect(build({ messages: [{ role: 'assistant', content }, { role: 'user', content: 'Go on' }] }).body['messages']).toMatchObject([{ content: blocks }, {}]);
  });

  it('keeps dangerous tool arguments as text', () => {
    const input = JSON.parse('{"__proto__":{"admin":true}}');
    expect(read([{ type: 'tool_use', id: 'a', name: 'f', input }]).content).toEqual([{ type: 'tool-call', id: 'a', name: 'f', input: null, invalidInput: '{"__proto__":{"admin":true}}' }]);
  });

  it('leaves out what says nothing', () => {
    expect(read([{ type: 'text', text: '' }, { type: 'thinking', thinking: '', signature: '' }, null, 7, 'x', {}, { type: 3 }]).content).toEqual([]);
  });

  it.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['tool_use', 'tool-calls'],
    ['refusal', 'refusal'],
    ['pause_turn', 'other'],
    ['compaction', 'other'],
    ['something_new', 'other'],
    [null, 'other'],
  ])('that stopped for %s finished as %s', (stop_reason, finishReason) => {
    expect(read([{ type: 'text', text: 'x' }], { stop_reason }).finishReason).toBe(finishReason);
  });

  it('hands up what else it said, in the words of the wire', () => {
    const { providerData, serviceTier } = read([{ type: 'text', text: 'x' }], {
      stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c' }, stop_details: null, context_management: { applied_edits: [] },
      usage: { input_tokens: 1, output_tokens: 1, service_tier: 'priority', server_tool_use: { web_search_requests: 2 } },
    });
    expect(serviceTier).toBe('priority');
    expect(providerData).toEqual({ anthropic: {
      stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c' }, context_management: { applied_edits: [] },
      usage: { input_tokens: 1, output_tokens: 1, service_tier: 'priority', server_tool_use: { web_search_requests: 2 } },
    } });
  });

  it.each([[null], ['<html>'], [[]], [{}], [{ type: 'message', content: 'x' }], [7]])('of another shape is an invalid response, not a crash: %j', (wire) => {
    expect(() => dialect.fromResponse(wire, scope)).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });

  it('with a 200 that is an error all the same is that error', () => {
    const wire = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(() => dialect.fromResponse(wire, scope)).toThrow(expect.objectContaining({ code: 'overloaded', certainty: 'started', providerMessage: 'Overloaded' }));
    expect(() => dialect.fromResponse(wire, scope)).toThrow(ProviderError);
  });
});

describe('usage', () => {
  const usage = (wire: unknown) => read([{ type: 'text', text: 'x' }], { usage: wire }).usage;

  it('counts cached tokens as input, which this wire leaves out', () => {
    expect(usage({ input_tokens: 10, cache_read_input_tokens: 100, cache_creation_input_tokens: 30, cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 }, output_tokens: 7, output_tokens_details: { thinking_tokens: 3 } })).toEqual({
      inputTokens: 140, outputTokens: 7, cacheReadTokens: 100, cacheWriteTokens: 30, cacheWriteLongTokens: 10, reasoningTokens: 3,
    });
  });

  it('adds up the lifetimes where their sum is not given', () => {
    expect(usage({ input_tokens: 1, output_tokens: 1, cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 3 } })).toMatchObject({ inputTokens: 6, cacheWriteTokens: 5, cacheWriteLongTokens: 3 });
  });

  it('keeps an explicit zero, and makes none up', () => {
    expect(usage({ input_tokens: 1, output_tokens: 0, cache_read_input_tokens: 0, cache_creation_input_tokens: null })).toEqual({ inputTokens: 1, outputTokens: 0, cacheReadTokens: 0 });
    for (const wire of [undefined, null, {}, { input_tokens: 5 }, { output_tokens: 5 }, { input_tokens: -1, output_tokens: 'x' }, 'many']) expect(usage(wire)).toBeUndefined();
  });
});

import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/dialect.js';
import { foldEvents } from '../../support/fold.js';
import { answer, block, decode, ending, scope, START, STOP } from './build.js';

const text = block(0, { type: 'text', text: '' }, { type: 'text_delta', text: 'Hel' }, { type: 'text_delta', text: 'lo' });

describe('a stream', () => {
  it('is its deltas as they come, and one finish', () => {
    expect(decode(START, { type: 'ping' }, ...text, ending(), STOP)).toEqual([
      { type: 'start', id: 'msg_1', model: 'claude-sonnet-4-20250514' },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 1 } },
      { type: 'text-delta', text: 'Hel' },
      { type: 'text-delta', text: 'lo' },
      { type: 'part-end' },
      { type: 'usage', usage: { inputTokens: 10, outputTokens: 5 } },
      expect.objectContaining({ type: 'finish', finishReason: 'stop', usage: { inputTokens: 10, outputTokens: 5 } }),
    ]);
  });

  it('folds to the same content as the answer that did not stream', () => {
    const cited = { type: 'web_search_result_location', cited_text: 'q', url: 'https://a', title: 'T', encrypted_index: 'e' };
    const blocks = [
      ...block(0, { type: 'thinking', thinking: '', signature: '' }, { type: 'thinking_delta', thinking: 'Hm' }, { type: 'thinking_delta', thinking: '.' }, { type: 'signature_delta', signature: 'sig' }),
      ...block(1, { type: 'thinking', thinking: '', signature: '' }, { type: 'signature_delta', signature: 'sig2' }),
      ...block(2, { type: 'redacted_thinking', data: 'secret' }),
      ...block(3, { type: 'server_tool_use', id: 's', name: 'web_search', input: {} }, { type: 'input_json_delta', partial_json: '{"query":' }, { type: 'input_json_delta', partial_json: '"x"}' }),
      ...block(4, { type: 'web_search_tool_result', tool_use_id: 's', content: [{ url: 'u' }] }),
      ...block(5, { type: 'text', text: 'One ' }, { type: 'text_delta', text: 'two.' }),
      ...block(6, { type: 'text', text: '', citations: [] }, { type: 'citations_delta', citation: cited }, { type: 'text_delta', text: 'Cited' }, { type: 'citations_delta', citation: cited }),
      ...block(7, { type: 'text', text: '' }),
      ...block(8, { type: 'tool_use', id: 'a', name: 'f', input: {}, caller: { type: 'direct' } }, { type: 'input_json_delta', partial_json: '{"x":' }, { type: 'input_json_delta', partial_json: '1}' }),
      ...block(9, { type: 'tool_use', id: 'b', name: 'g', input: {} }),
      ...block(10, { type: 'tool_use', id: 'c', name: 'h', input: { whole: true } }),
      ...block(11, { type: 'compaction', content: null }, { type: 'compaction_delta', content: 'Sum', encrypted_content: 'e1' }, { type: 'compaction_delta', content: 'mary', encrypted_content: null }),
    ];
    const folded = foldEvents(decode(START, ...blocks, ending('tool_use'), STOP));
    const whole = anthropicMessages().fromResponse(answer([
      { type: 'thinking', thinking: 'Hm.', signature: 'sig' },
      { type: 'thinking', thinking: '', signature: 'sig2' },
      { type: 'redacted_thinking', data: 'secret' },
      { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'x' } },
      { type: 'web_search_tool_result', tool_use_id: 's', content: [{ url: 'u' }] },
      { type: 'text', text: 'One two.' },
      { type: 'text', text: 'Cited', citations: [cited, cited] },
      { type: 'text', text: '' },
      { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 }, caller: { type: 'direct' } },
      { type: 'tool_use', id: 'b', name: 'g', input: {} },
      { type: 'tool_use', id: 'c', name: 'h', input: { whole: true } },
      { type: 'compaction', content: 'Summary', encrypted_content: 'e1' },
    ]), scope);
    expect(folded.breaches).toEqual([]);
    expect(folded.content).toEqual(whole.content);
    expect(folded.finishReason).toBe('tool-calls');
  });

  it('is not complete without message_stop, whatever came before', () => {
    expect(decode(START, ...text, ending()).some((event) => event.type === 'finish')).toBe(false);
    expect(decode(START).map(({ type }) => type)).toEqual(['start', 'usage']);
    expect(decode()).toEqual([]);
  });

  it('says nothing after its end', () => {
    expect(decode(START, ...text, ending(), STOP, STOP, ...text).at(-1)).toMatchObject({ type: 'finish' });
  });

  it('closes what the server left open', () => {
    const events = decode(START, { type: 'content_block_start', index: 0, content_block: { type: 'tool_use', id: 'a', name: 'f', input: {} } }, { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: '{"cut' } }, ending('max_tokens'), STOP);
    const { content, breaches } = foldEvents(events);
    expect(breaches).toEqual([]);
    expect(content).toEqual([{ type: 'tool-call', id: 'a', name: 'f', input: null, invalidInput: '{"cut' }]);
  });

  it('takes the last count, and never adds', () => {
    const events = decode(
      { ...START, message: { ...START.message, usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1, service_tier: 'standard' } } },
      ending('end_turn', { output_tokens: 3 }),
      ending('end_turn', { input_tokens: 12, cache_read_input_tokens: null, output_tokens: 9, output_tokens_details: { thinking_tokens: 4 } }),
      STOP,
    );
    expect(events.at(-1)).toMatchObject({ usage: { inputTokens: 17, outputTokens: 9, cacheReadTokens: 5, reasoningTokens: 4 }, serviceTier: 'standard' });
  });

  it('says on its way what is counted so far, for a stream that is cut', () => {
    const usage = { input_tokens: 10, cache_read_input_tokens: 900, cache_creation_input_tokens: 90, cache_creation: { ephemeral_1h_input_tokens: 40 }, output_tokens: 1 };
    expect(decode({ ...START, message: { ...START.message, usage } }, ...text).filter((event) => event.type === 'usage')).toEqual([
      { type: 'usage', usage: { inputTokens: 1000, outputTokens: 1, cacheReadTokens: 900, cacheWriteTokens: 90, cacheWriteLongTokens: 40 } },
    ]);
    expect(decode({ ...START, message: { ...START.message, usage: null } }, ...text).some((event) => event.type === 'usage')).toBe(false);
  });

  it('does not take the placeholder of its start for a count', () => {
    const finish = decode(START, ...text, { type: 'message_delta', delta: { stop_reason: 'end_turn' } }, STOP).at(-1);
    expect(finish).toMatchObject({ type: 'finish', finishReason: 'stop' });
    expect(finish).not.toHaveProperty('usage');
  });

  it('hands up what its end says, as an answer does', () => {
    const end = { type: 'message_delta', delta: { stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c' } }, usage: { output_tokens: 5 }, context_management: { applied_edits: [] } };
    expect(decode(START, ...text, end, STOP).at(-1)).toMatchObject({
      providerData: { anthropic: { stop_reason: 'stop_sequence', stop_sequence: 'END', container: { id: 'c' }, context_management: { applied_edits: [] }, usage: { input_tokens: 10, output_tokens: 5 } } },
    });
  });

  it('begins with the blocks that a resumed turn has in place', () => {
    const message = { ...START.message, content: [{ type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } }, { type: 'text', text: 'So far' }] };
    expect(foldEvents(decode({ type: 'message_start', message }, ...text, ending('tool_use'), STOP)).content).toEqual([
      { type: 'tool-call', id: 'a', name: 'f', input: { x: 1 } },
      { type: 'text', text: 'So far' },
      { type: 'text', text: 'Hello' },
    ]);
  });

  it('ignores a start that is sent twice, and fails on a second message', () => {
    expect(decode(START, START, ...text, ending(), STOP).filter((event) => event.type === 'start')).toHaveLength(1);
    expect(() => decode(START, ...text, { ...START, message: { ...START.message, id: 'msg_2' } })).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });

  it('ignores events, deltas and blocks that are not known', () => {
    const events = decode(START, { type: 'invented' }, { type: 'content_block_delta', index: 7, delta: { type: 'text_delta', text: 'x' } }, ...block(0, { type: 'text', text: '' }, { type: 'invented_delta', x: 1 }, { type: 'text_delta', text: 'a' }), ending(), STOP);
    expect(foldEvents(events).content).toEqual([{ type: 'text', text: 'a' }]);
  });

  it.each([
    [{ type: 'message_start' }],
    [{ type: 'message_start', message: 7 }],
    [{ type: 'content_block_start' }],
    [{ type: 'content_block_start', index: 0 }],
    [{ type: 'content_block_start', index: 0, content_block: { type: 'tool_use' } }],
    [{ type: 'content_block_delta', index: 'x', delta: null }],
    [{ type: 'content_block_stop', index: 9 }],
    [{ type: 'message_delta', delta: 'x', usage: [] }],
  ])('survives the wrong shape %j', (event) => {
    expect(foldEvents(decode(event, STOP)).finishReason).toBe('other');
  });

  it('throws the error that comes inside it, by its type', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
    expect(() => decode(START, ...text, error)).toThrow(expect.objectContaining({ code: 'overloaded', certainty: 'started', providerMessage: 'Overloaded' }));
    expect(() => decode({ type: 'error', error: { type: 'error', message: 'x' } })).toThrow(expect.objectContaining({ code: 'server_error' }));
  });

  it.each([['not json'], ['[1]'], ['7'], ['{"type":']])('with an event %s is an invalid response', (data) => {
    expect(() => anthropicMessages().fromStream(scope).push({ data })).toThrow(expect.objectContaining({ code: 'invalid_response' }));
  });
});

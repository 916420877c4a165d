import { describe, expect, it } from 'vitest';
import { ProviderError } from '../../../src/errors.js';
import { dialect, message, response, scope } from './build.js';

const read = (wire: unknown) => dialect.fromResponse(wire, scope);

describe('content', () => {
  it('gives each output text a part, with the id of its message and its citations', () => {
    const annotations = [
      { type: 'url_citation', url: 'https://a', title: 'A', start_index: 1, end_index: 4 },
      { type: 'container_file_citation', container_id: 'c', file_id: 'f', filename: 'plot.png', start_index: 0, end_index: 0 },
      { type: 'file_path' },
    ];
    const item = { ...message(), content: [{ type: 'output_text', text: 'See A', annotations, logprobs: [] }, { type: 'output_text', text: 'B', annotations: [] }] };
    expect(read(response(item)).content).toEqual([
      {
        type: 'text',
        text: 'See A',
        citations: [{ url: 'https://a', title: 'A', start: 1, end: 4 }, { title: 'plot.png', start: 0, end: 0 }],
        providerData: { openai: { id: 'msg_1', annotations } },
      },
      { type: 'text', text: 'B', providerData: { openai: { id: 'msg_1' } } },
    ]);
  });

  it('gives each summary a reasoning part, and the encrypted text to the last', () => {
    const item = { type: 'reasoning', id: 'rs_1', encrypted_content: 'x', summary: [{ type: 'summary_text', text: 'A' }, { type: 'summary_text', text: 'B' }] };
    expect(read(response(item)).content).toEqual([
      { type: 'reasoning', text: 'A', providerData: { openai: { id: 'rs_1' } } },
      { type: 'reasoning', text: 'B', providerData: { openai: { id: 'rs_1', encrypted_content: 'x' } } },
    ]);
  });

  it('marks reasoning without a text as redacted', () => {
    expect(read(response({ type: 'reasoning', id: 'rs_1', encrypted_content: 'x', summary: [] })).content).toEqual([
      { type: 'reasoning', text: '', redacted: true, providerData: { openai: { id: 'rs_1', encrypted_content: 'x' } } },
    ]);
  });

  it('keeps arguments that are not JSON, or that reach a prototype, as text', () => {
    const call = (args: string) => ({ type: 'function_call', call_id: 'call_1', name: 'f', arguments: args });
    expect(read(response(call('{"a":'))).content).toMatchObject([{ input: null, invalidInput: '{"a":' }]);
    expect(read(response(call('{"__proto__":{"admin":true}}'))).content).toMatchObject([{ input: null, invalidInput: '{"__proto__":{"admin":true}}' }]);
    expect(read(response(call(''))).content).toMatchObject([{ input: {} }]);
  });

  it('keeps a picture that is not there yet as an opaque part', () => {
    expect(read(response({ type: 'image_generation_call', id: 'ig_1', status: 'failed', result: null })).content).toMatchObject([{ type: 'opaque', kind: 'image_generation_call' }]);
  });

  it('survives items of any shape', () => {
    const hostile = [null, 1, 'x', [], {}, { type: 'message' }, { type: 'message', content: [null, { type: 7 }] }, { type: 'reasoning', summary: 'x' }, { type: 'function_call' }, { type: ['message'] }];
    expect(() => read(response(...hostile))).not.toThrow();
  });
});

describe('finish reasons', () => {
  const call = { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}' };
  const refusal = { ...message(), content: [{ type: 'refusal', refusal: 'No.' }] };

  it.each([
    ['stop', response(message('Hi'))],
    ['tool-calls', response(message('Hi'), call)],
    ['refusal', response(refusal)],
    ['length', { ...response(message('Hi')), status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    ['length', { ...response(call), status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }],
    ['content-filter', { ...response(message('Hi')), status: 'incomplete', incomplete_details: { reason: 'content_filter' } }],
    ['other', { ...response(), status: 'incomplete' }],
    ['other', { ...response(), status: 'queued' }],
    ['other', { ...response(), status: 'cancelled' }],
    ['stop', { output: [] }],
  ] as const)('is %s', (reason, wire) => {
    expect(read(wire).finishReason).toBe(reason);
  });
});

describe('beside the content', () => {
  it('reads usage as totals that include their parts', () => {
    const usage = { input_tokens: 100, input_tokens_details: { cached_tokens: 40, cache_write_tokens: 10 }, output_tokens: 20, output_tokens_details: { reasoning_tokens: 12 }, total_tokens: 120 };
    expect(read({ ...response(), usage }).usage).toEqual({ inputTokens: 100, cacheReadTokens: 40, cacheWriteTokens: 10, outputTokens: 20, reasoningTokens: 12 });
  });

  it('tells an absent usage from a zero', () => {
    expect(read({ ...response(), usage: null })).not.toHaveProperty('usage');
    expect(read({ ...response(), usage: { input_tokens: -1, output_tokens: 2 } })).not.toHaveProperty('usage');
    expect(read({ ...response(), usage: { input_tokens: 0, output_tokens: 0 } }).usage).toEqual({ inputTokens: 0, outputTokens: 0 });
  });

  it('keeps the service tier and what the vendor adds, but nothing that repeats the request', () => {
    const wire = {
      ...response(), service_tier: 'flex', instructions: 'secret', tools: [{}], text: {}, metadata: { a: 'b' }, created_at: 1, billing: { payer: 'x' },
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2, cost: 0.5 },
    };
    const { serviceTier, providerData } = read(wire);
    expect(serviceTier).toBe('flex');
    expect(providerData).toEqual({ openai: { status: 'completed', created_at: 1, billing: { payer: 'x' }, usage: { cost: 0.5 } } });
  });
});

describe('what is not an answer', () => {
  it.each([[null], ['<html>'], [[]], [{}], [{ choices: [] }], [{ output: 'x' }]])('refuses %j as invalid_response', (wire) => {
    expect(codeOf(() => read(wire))).toBe('invalid_response');
  });

  it('throws the error that an answer with status 200 carries', () => {
    expect(codeOf(() => read({ id: 'resp_1', status: 'failed', error: { code: 'rate_limit_exceeded', message: 'slow' }, output: [] }))).toBe('provider_rate_limit');
    expect(codeOf(() => read({ error: { code: 'context_length_exceeded', message: 'long' } }))).toBe('context_length');
    expect(codeOf(() => read({ status: 'failed', error: null, output: [] }))).toBe('server_error');
  });
});

function codeOf(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error instanceof ProviderError ? error.code : error;
  }
  return undefined;
}

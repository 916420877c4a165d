import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../../src/dialects/anthropic-messages/dialect.js';
import { RejectedError } from '../../../src/errors.js';

const dialect = anthropicMessages();
const base = { model: 'claude-opus-4-6', max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] } as const;
const read = (fields: object = {}) => dialect.fromRequest({ ...base, ...fields });
const says = (...content: readonly object[]) => read({ messages: [{ role: 'user', content }] }).request.messages;

describe('a request of a client', () => {
  it('becomes a chat request', () => {
    expect(read({
      system: 'Be brief.', temperature: 0.3, top_p: 0.9, top_k: 4, stop_sequences: ['END'], stream: true,
      tools: [{ name: 'f', description: 'd', input_schema: { type: 'object' }, strict: true, cache_control: { type: 'ephemeral' } }, { type: 'web_search_20250305', name: 'web_search' }],
      tool_choice: { type: 'tool', name: 'f', disable_parallel_tool_use: true },
      output_config: { format: { type: 'json_schema', schema: { type: 'object' } } },
    })).toEqual({
      streaming: true,
      asked: { model: 'claude-opus-4-6' },
      request: {
        model: 'claude-opus-4-6',
        maxTokens: 100,
        messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }],
        temperature: 0.3,
        topP: 0.9,
        topK: 4,
        stop: ['END'],
        tools: [
          { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true, providerData: { 'anthropic-messages': { cache_control: { type: 'ephemeral' } } } },
          { type: 'provider', provider: 'anthropic-messages', definition: { type: 'web_search_20250305', name: 'web_search' } },
        ],
        toolChoice: { tool: 'f' },
        parallelToolCalls: false,
        output: { type: 'json', schema: { type: 'object' } },
      },
    });
  });

  it('keeps what has no place elsewhere as options, in the words of the wire', () => {
    const { request } = read({ metadata: { user_id: 'u' }, service_tier: 'auto', container: 'c', mcp_servers: [], context_management: null });
    expect(request.providerOptions).toEqual({ 'anthropic-messages': { metadata: { user_id: 'u' }, service_tier: 'auto', container: 'c', mcp_servers: [] } });
  });

  it('takes the output format by its older name too', () => {
    expect(read({ output_format: { type: 'json_schema', schema: { type: 'object' } } }).request.output).toEqual({ type: 'json', schema: { type: 'object' } });
  });

  it.each([
    [{ thinking: { type: 'enabled', budget_tokens: 2000 } }, { maxTokens: 2000 }, undefined],
    [{ thinking: { type: 'enabled', budget_tokens: 2000, display: 'summarized' }, output_config: { effort: 'low' } }, { maxTokens: 2000, effort: 'low' }, { thinking: { display: 'summarized' } }],
    [{ thinking: { type: 'disabled' } }, { effort: 'none' }, undefined],
    [{ thinking: { type: 'adaptive' }, output_config: { effort: 'max' } }, { effort: 'max' }, { thinking: { type: 'adaptive' } }],
    [{ thinking: { type: 'adaptive' } }, undefined, { thinking: { type: 'adaptive' } }],
    [{ output_config: { effort: 'high', task_budget: { total: 5 } } }, undefined, { output_config: { effort: 'high', task_budget: { total: 5 } } }],
  ])('reads thinking %j as far as other vendors have a word for it', (fields, reasoning, options) => {
    const { request } = read(fields);
    expect(request.reasoning).toEqual(reasoning);
    expect(request.providerOptions?.['anthropic-messages']).toEqual(options);
  });

  it('splits results of tools from what the user says with them', () => {
    expect(says(
      { type: 'tool_result', tool_use_id: 'a', content: 'x' },
      { type: 'tool_result', tool_use_id: 'b', is_error: true, content: [{ type: 'text', text: 'y' }, { type: 'image', source: { type: 'url', url: 'https://a' } }] },
      { type: 'tool_result', tool_use_id: 'c', cache_control: { type: 'ephemeral' }, content: 'z' },
      { type: 'text', text: 'And?' },
    )).toEqual([
      { role: 'tool', toolCallId: 'a', content: 'x' },
      { role: 'tool', toolCallId: 'b', isError: true, content: [{ type: 'text', text: 'y' }, { type: 'image', data: 'https://a' }] },
      { role: 'tool', toolCallId: 'c', content: [{ type: 'text', text: 'z', providerData: { 'anthropic-messages': { cache_control: { type: 'ephemeral' } } } }] },
      { role: 'user', content: [{ type: 'text', text: 'And?' }] },
    ]);
  });

  it('reads images and documents of every source that others can read too', () => {
    expect(says(
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' }, cache_control: { type: 'ephemeral' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' }, title: 'T', citations: { enabled: true } },
      { type: 'document', source: { type: 'url', url: 'https://a/b.pdf' } },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'häh' } },
    )).toEqual([{ role: 'user', content: [
      { type: 'image', data: 'AAAA', mediaType: 'image/png', providerData: { 'anthropic-messages': { cache_control: { type: 'ephemeral' } } } },
      { type: 'file', data: 'AAAA', mediaType: 'application/pdf', name: 'T', providerData: { 'anthropic-messages': { citations: { enabled: true } } } },
      { type: 'file', data: 'https://a/b.pdf', mediaType: 'application/pdf' },
      { type: 'file', data: 'aMOkaA==', mediaType: 'text/plain' },
    ] }]);
  });

  it('keeps blocks that only this API understands, with their words for everyone else', () => {
    const result = { type: 'search_result', source: 'https://a', title: 'T', content: [{ type: 'text', text: 'one' }, { type: 'text', text: 'two' }] };
    const upload = { type: 'container_upload', file_id: 'f' };
    const file = { type: 'image', source: { type: 'file', file_id: 'f' } };
    expect(says(result, upload, file)).toEqual([{ role: 'user', content: [
      { type: 'text', text: 'one\ntwo', providerData: { 'anthropic-messages': { block: result } } },
      { type: 'text', text: '', providerData: { 'anthropic-messages': { block: upload } } },
      { type: 'text', text: '', providerData: { 'anthropic-messages': { block: file } } },
    ] }]);
  });

  it.each([
    ['body', null],
    ['body', []],
    ['model', { ...base, model: 7 }],
    ['max_tokens', { ...base, max_tokens: undefined }],
    ['max_tokens', { ...base, max_tokens: Number.NaN }],
    ['messages', { ...base, messages: {} }],
    ['messages[0]', { ...base, messages: ['x'] }],
    ['messages[0].role', { ...base, messages: [{ role: 'robot', content: 'x' }] }],
    ['messages[0].content', { ...base, messages: [{ role: 'user', content: 7 }] }],
    ['messages[0].content[0]', { ...base, messages: [{ role: 'user', content: [null] }] }],
    ['messages[0].content[0].type', { ...base, messages: [{ role: 'user', content: [{}] }] }],
    ['messages[0].content[0].text', { ...base, messages: [{ role: 'user', content: [{ type: 'text' }] }] }],
    ['messages[0].content[0].source', { ...base, messages: [{ role: 'user', content: [{ type: 'image' }] }] }],
    ['messages[0].content[0].source.url', { ...base, messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'url' } }] }] }],
    ['messages[0].content[0].tool_use_id', { ...base, messages: [{ role: 'user', content: [{ type: 'tool_result' }] }] }],
    ['messages[0].content[0].content[0].text', { ...base, messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text' }] }] }] }],
    ['messages[0].content[0].id', { ...base, messages: [{ role: 'assistant', content: [{ type: 'tool_use', name: 'f', input: {} }] }] }],
    ['messages[0].content[0].input', { ...base, messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: '{}' }] }] }],
    ['system[0].text', { ...base, system: [{ type: 'text', text: 7 }] }],
    ['tools[0].name', { ...base, tools: [{ input_schema: {} }] }],
    ['tools[0].input_schema', { ...base, tools: [{ name: 'f', input_schema: 'x' }] }],
    ['tool_choice.type', { ...base, tool_choice: { type: 'maybe' } }],
    ['tool_choice.name', { ...base, tool_choice: { type: 'tool' } }],
    ['output_config.format.type', { ...base, output_config: { format: { type: 'xml' } } }],
    ['output_config.effort', { ...base, output_config: { effort: 'huge' } }],
    ['thinking.budget_tokens', { ...base, thinking: { type: 'enabled' } }],
    ['temperature', { ...base, temperature: 'hot' }],
    ['stop_sequences[0]', { ...base, stop_sequences: [7] }],
    ['stream', { ...base, stream: 'yes' }],
  ])('with a wrong %s is refused, naming it', (field, body) => {
    expect(() => dialect.fromRequest(body)).toThrow(RejectedError);
    expect(() => dialect.fromRequest(body)).toThrow(expect.objectContaining({ code: 'invalid_request', message: expect.stringMatching(new RegExp(`^${field.replace(/[[\].]/g, '\\$&')}: `)) }));
  });
});

import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../../src/dialects/openai-chat/dialect.js';
import { RejectedError } from '../../../src/errors.js';

const read = (body: unknown) => openaiChat().fromRequest(body);
const withMessages = (...messages: readonly unknown[]) => ({ model: 'p/m', messages });
const user = { role: 'user', content: 'hi' };
const readMessages = (...messages: readonly unknown[]) => read(withMessages(...messages)).request.messages;

describe('a chat request of a client', () => {
  it('gives every setting its field', () => {
    expect(
      read({
        ...withMessages(user), max_completion_tokens: 9, temperature: 0, top_p: 0.5, top_k: 3, stop: 'x', seed: 1, presence_penalty: 1, frequency_penalty: -1, parallel_tool_calls: false,
        reasoning_effort: 'high', stream: true, stream_options: { include_usage: true }, response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object' }, strict: true } },
        tools: [{ type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } }], tool_choice: { type: 'function', function: { name: 'f' } },
      }),
    ).toEqual({
      request: {
        model: 'p/m', messages: [user], maxTokens: 9, temperature: 0, topP: 0.5, topK: 3, stop: ['x'], seed: 1, presencePenalty: 1, frequencyPenalty: -1, parallelToolCalls: false,
        reasoning: { effort: 'high' }, output: { type: 'json', name: 'n', schema: { type: 'object' }, strict: true },
        tools: [{ name: 'f', description: 'd', parameters: { type: 'object' }, strict: true }], toolChoice: { tool: 'f' },
      },
      streaming: true,
      asked: { includeUsage: true, legacyFunctions: false },
    });
  });

  it('may leave fields out with null', () => {
    const { request } = read({ ...withMessages(user), temperature: null, stop: null, tools: null, response_format: { type: 'text' }, user: null });
    expect(request).toEqual({ model: 'p/m', messages: [user] });
  });

  it('keeps what has no field of its own for servers of this protocol', () => {
    const { request } = read({ ...withMessages(user), logprobs: true, n: 2, stream_options: { include_usage: true, include_obfuscation: false }, reasoning: { max_tokens: 5, exclude: true } });
    expect(request.providerOptions).toEqual({ 'openai-chat': { logprobs: true, n: 2, stream_options: { include_obfuscation: false }, reasoning: { exclude: true } } });
    expect(request.reasoning).toEqual({ maxTokens: 5 });
  });

  it('keeps tools that are no functions, and a choice among allowed ones', () => {
    const custom = { type: 'custom', custom: { name: 'sql' } };
    const allowed = { type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } };
    const { request } = read({ ...withMessages(user), tools: [custom], tool_choice: allowed });
    expect(request.tools).toEqual([{ type: 'provider', provider: 'openai-chat', definition: custom }]);
    expect(request).not.toHaveProperty('toolChoice');
    expect(request.providerOptions).toEqual({ 'openai-chat': { tool_choice: allowed } });
  });

  it('may name its tools functions, the older way', () => {
    const { request, asked } = read({
      ...withMessages(user, { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{"a":1}' } }, { role: 'function', name: 'f', content: '2' }),
      functions: [{ name: 'f' }], function_call: { name: 'f' },
    });
    expect(asked.legacyFunctions).toBe(true);
    expect(request).toMatchObject({ tools: [{ name: 'f', parameters: { type: 'object' } }], toolChoice: { tool: 'f' } });
    const [, turn, result] = request.messages;
    const made = turn?.role === 'assistant' && Array.isArray(turn.content) ? turn.content[0] : undefined;
    expect(made).toMatchObject({ type: 'tool-call', name: 'f', input: { a: 1 } });
    expect(result).toMatchObject({ role: 'tool', toolCallId: made?.id, content: '2' });
  });

  it('gives parts of every kind', () => {
    const mark = { type: 'ephemeral' };
    expect(
      readMessages({
        role: 'user', name: 'ann',
        content: [
          { type: 'text', text: 'a', cache_control: mark },
          { type: 'image_url', image_url: { url: 'https://x/y.png', detail: 'high' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'mp3' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
          { type: 'file', file: { file_id: 'f1' } },
          { type: 'document_url', document_url: 'https://x/y.pdf' },
          { type: 'video_url', video_url: { url: 'https://x/y.mp4' } },
        ],
      }),
    ).toEqual([{
      role: 'user',
      content: [
        { type: 'text', text: 'a', providerData: { 'openai-chat': { cache_control: mark, message: { name: 'ann' } }, anthropic: { cache_control: mark } } },
        { type: 'image', data: 'https://x/y.png', detail: 'high' },
        { type: 'audio', data: 'AAAA', mediaType: 'audio/mpeg' },
        { type: 'file', data: 'data:application/pdf;base64,AAAA', mediaType: 'application/pdf', name: 'a.pdf' },
        { type: 'file', data: '', mediaType: 'application/pdf', providerData: { 'openai-chat': { file_id: 'f1' } } },
        { type: 'file', data: 'https://x/y.pdf', mediaType: 'application/pdf' },
        { type: 'file', data: 'https://x/y.mp4', mediaType: 'video/mp4' },
      ],
    }]);
  });

  it('gives earlier turns with everything they held', () => {
    expect(
      readMessages({ role: 'developer', content: 's' }, user, {
        role: 'assistant', reasoning_content: 'hm', content: 'a', refusal: 'no', audio: { id: 'a1' }, tool_calls: [{ id: '1', type: 'function', function: { name: 'f', arguments: '{' } }],
      }, { role: 'tool', tool_call_id: '1', content: [{ type: 'text', text: 'r' }] }),
    ).toEqual([
      { role: 'system', content: 's' },
      user,
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm' }, { type: 'text', text: 'a' }, { type: 'refusal', text: 'no' }, { type: 'tool-call', id: '1', name: 'f', input: null, invalidInput: '{' },
          { type: 'opaque', provider: 'openai-chat', kind: 'chat-message-members', data: { audio: { id: 'a1' } } },
        ],
      },
      { role: 'tool', toolCallId: '1', content: [{ type: 'text', text: 'r' }] },
    ]);
  });

  it.each([
    ['the request body', 'text'],
    ['model', { messages: [user] }],
    ['messages', { model: 'm', messages: [] }],
    ['messages', { model: 'm' }],
    ['messages[0]', withMessages(null)],
    ['messages[0].role', withMessages({ role: 'robot', content: '' })],
    ['messages[0].content', withMessages({ role: 'user', content: 7 })],
    ['messages[0].content[0].type', withMessages({ role: 'user', content: [{ type: 'hologram' }] })],
    ['messages[0].content[0].text', withMessages({ role: 'user', content: [{ type: 'text' }] })],
    ['messages[0].content[0].image_url.url', withMessages({ role: 'user', content: [{ type: 'image_url', image_url: {} }] })],
    ['messages[0].content[0].file.file_data', withMessages({ role: 'user', content: [{ type: 'file', file: {} }] })],
    ['messages[0].content[0].type', withMessages({ role: 'system', content: [{ type: 'image_url', image_url: 'https://x' }] })],
    ['messages[0].content', withMessages({ role: 'assistant', content: 7 })],
    ['messages[0].tool_calls', withMessages({ role: 'assistant', tool_calls: 7 })],
    ['messages[0].tool_calls[0].id', withMessages({ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] })],
    ['messages[0].tool_calls[0].function.name', withMessages({ role: 'assistant', tool_calls: [{ id: '1', function: {} }] })],
    ['messages[0].tool_call_id', withMessages({ role: 'tool', content: '' })],
    ['messages[0].name', withMessages({ role: 'function', name: 'f', content: '' })],
    ['temperature', { ...withMessages(user), temperature: 'hot' }],
    ['max_tokens', { ...withMessages(user), max_tokens: 1.5 }],
    ['stop[1]', { ...withMessages(user), stop: ['a', 7] }],
    ['stream', { ...withMessages(user), stream: 'yes' }],
    ['tools[0].function.name', { ...withMessages(user), tools: [{ type: 'function', function: {} }] }],
    ['tools[0].function.parameters', { ...withMessages(user), tools: [{ type: 'function', function: { name: 'f', parameters: 'x' } }] }],
    ['tool_choice', { ...withMessages(user), tool_choice: 'maybe' }],
    ['tool_choice.function.name', { ...withMessages(user), tool_choice: {} }],
    ['response_format.type', { ...withMessages(user), response_format: { type: 'xml' } }],
    ['reasoning_effort', { ...withMessages(user), reasoning_effort: 'huge' }],
    ['__proto__', JSON.parse('{"model":"m","messages":[{"role":"user","content":""}],"__proto__":{"a":1}}')],
  ])('that is wrong is refused, naming %s', (field, body) => {
    let error: unknown;
    try {
      read(body);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(RejectedError);
    expect(error).toMatchObject({ code: 'invalid_request' });
    expect((error as RejectedError).message.startsWith(`${field}:`)).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import type { AssistantPart, Message } from '../../../src/types/message.js';
import { assistant, dialect, inputOf, message, response, scope, send, user } from './build.js';

/** The output items of an answer, sent back with the next turn. */
function sentBack(output: readonly unknown[], options: Parameters<typeof send>[1] = {}, store?: boolean): readonly unknown[] {
  const { content } = dialect.fromResponse(response(...output), scope);
  const { body } = send({ messages: [{ role: 'assistant', content }], ...(store !== undefined && { providerOptions: { openai: { store } } }) }, options);
  return body['input'] as readonly unknown[];
}

describe('system prompts', () => {
  it('puts one text at the start into instructions, and every later one where it stands', () => {
    const { body } = send({ messages: [{ role: 'system', content: 'First.' }, user('Hi'), { role: 'system', content: 'Later.' }] });
    expect(body['instructions']).toBe('First.');
    expect(body['input']).toEqual([{ role: 'user', content: 'Hi' }, { role: 'system', content: 'Later.' }]);
  });

  it('keeps a system prompt of several parts, or with marks, as a message', () => {
    const parts = [{ type: 'text', text: 'One.' }, { type: 'text', text: 'Two.', providerData: { openai: { prompt_cache_breakpoint: { mode: 'explicit' } } } }] as const;
    expect(inputOf({ role: 'system', content: parts })).toEqual([
      { role: 'system', content: [{ type: 'input_text', text: 'One.' }, { type: 'input_text', text: 'Two.', prompt_cache_breakpoint: { mode: 'explicit' } }] },
    ]);
  });

  it('sends no instructions to servers without them', () => {
    const { body } = send({ messages: [{ role: 'system', content: 'First.' }, user('Hi')] }, { quirks: { systemPrompt: 'message' } });
    expect(body).not.toHaveProperty('instructions');
    expect(body['input']).toEqual([{ role: 'system', content: 'First.' }, { role: 'user', content: 'Hi' }]);
  });
});

describe('what users say', () => {
  it('sends images inline and by link, with their detail', () => {
    const content = [
      { type: 'image', data: new Uint8Array([1, 2, 3]), mediaType: 'image/webp' },
      { type: 'image', data: 'https://example.com/a.png', detail: 'low' },
      { type: 'image', data: 'data:image/gif;base64,AAAA' },
      { type: 'image', data: '', providerData: { openai: { file_id: 'file-1' } } },
    ] as const;
    expect(inputOf({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_image', image_url: 'data:image/webp;base64,AQID', detail: 'auto' },
          { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' },
          { type: 'input_image', image_url: 'data:image/gif;base64,AAAA', detail: 'auto' },
          { type: 'input_image', file_id: 'file-1', detail: 'auto' },
        ],
      },
    ]);
  });

  it('sends files inline under a name with a fitting ending, and by link', () => {
    const content = [
      { type: 'file', data: 'AAAA', mediaType: 'application/pdf' },
      { type: 'file', data: 'AAAA', mediaType: 'text/plain', name: 'notes.txt' },
      { type: 'file', data: 'https://example.com/a.pdf', mediaType: 'application/pdf' },
    ] as const;
    expect(inputOf({ role: 'user', content })).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_file', filename: 'file.pdf', file_data: 'data:application/pdf;base64,AAAA' },
          { type: 'input_file', filename: 'notes.txt', file_data: 'data:text/plain;base64,AAAA' },
          { type: 'input_file', file_url: 'https://example.com/a.pdf' },
        ],
      },
    ]);
  });

  it('drops audio with a warning that names the part', () => {
    const { body, warnings } = send({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Listen' }, { type: 'audio', data: 'AAAA', mediaType: 'audio/wav' }] }] });
    expect(body['input']).toEqual([{ role: 'user', content: [{ type: 'input_text', text: 'Listen' }] }]);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'messages[0].content[1]' }]);
  });
});

describe('tool results', () => {
  it('sends text as text, and images and files beside it', () => {
    const call: AssistantPart = { type: 'tool-call', id: 'call_1', name: 'chart', input: { kind: 'bar' } };
    const content = [{ type: 'text', text: 'Here' }, { type: 'image', data: 'https://example.com/a.png' }] as const;
    expect(inputOf(assistant(call), { role: 'tool', toolCallId: 'call_1', content: 'done' }, { role: 'tool', toolCallId: 'call_1', content: [{ type: 'text', text: 'one' }] }, { role: 'tool', toolCallId: 'call_1', content })).toEqual([
      { type: 'function_call', call_id: 'call_1', name: 'chart', arguments: '{"kind":"bar"}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'done' },
      { type: 'function_call_output', call_id: 'call_1', output: 'one' },
      { type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_text', text: 'Here' }, { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'auto' }] },
    ]);
  });

  it('says in the text that a tool failed, and warns that there is no mark for it', () => {
    const { body, warnings } = send({ messages: [{ role: 'tool', toolCallId: 'call_1', content: 'no such city', isError: true }] });
    expect(body['input']).toEqual([{ type: 'function_call_output', call_id: 'call_1', output: 'Error: no such city' }]);
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'messages[0].isError' }]);
  });

  it('shortens ids of more than 64 characters, which other vendors make, the same for a call and its result', () => {
    const id = `call_${'x'.repeat(90)}`;
    const [call, result] = inputOf(assistant({ type: 'tool-call', id, name: 'chart', input: {} }), { role: 'tool', toolCallId: id, content: 'done' }) as readonly { readonly call_id: string }[];
    expect(call?.call_id).toMatch(/^call_x+\w{9}$/);
    expect(call?.call_id).toHaveLength(64);
    expect(result?.call_id).toBe(call?.call_id);
  });

  it('answers a custom call with a custom output, also where its id was another call before', () => {
    const custom: AssistantPart = { type: 'tool-call', id: 'call_1', name: 'sql', input: 'SELECT 1', providerData: { openai: { type: 'custom', id: 'ctc_1' } } };
    const plain: AssistantPart = { type: 'tool-call', id: 'call_1', name: 'weather', input: {} };
    const result: Message = { role: 'tool', toolCallId: 'call_1', content: '1' };
    expect(inputOf(assistant(plain), result, assistant(custom), result)).toEqual([
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: '1' },
      { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'sql', input: 'SELECT 1' },
      { type: 'custom_tool_call_output', call_id: 'call_1', output: '1' },
    ]);
  });

  it('sends arguments that were not JSON back as they came', () => {
    expect(inputOf(assistant({ type: 'tool-call', id: 'call_1', name: 'f', input: null, invalidInput: '{"a":' }))).toMatchObject([{ arguments: '{"a":' }]);
  });
});

describe('what the assistant said goes back as it came', () => {
  const reasoning = { type: 'reasoning', id: 'rs_1', encrypted_content: 'secret', summary: [{ type: 'summary_text', text: 'First.' }, { type: 'summary_text', text: 'Second.' }] };
  const calls = [
    { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'weather', namespace: 'geo', arguments: '{"city":"Oslo"}' },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'sql', input: 'SELECT "x"\n' },
  ];
  const opaque = [
    { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'x' } },
    { type: 'file_search_call', id: 'fs_1', status: 'completed', queries: ['q'], results: null },
    { type: 'code_interpreter_call', id: 'ci_1', status: 'completed', code: '1+1', container_id: 'c', outputs: [] },
    { type: 'mcp_call', id: 'mcp_1', name: 'n', server_label: 's', arguments: '{}', output: 'o', error: null },
    { type: 'computer_call', id: 'cu_1', call_id: 'call_9', action: { type: 'screenshot' }, pending_safety_checks: [], status: 'completed' },
    { type: 'compaction', id: 'cmp_1', encrypted_content: 'x' },
    { type: 'something_of_next_year', payload: { deep: [1, null] } },
  ];

  it('messages, with their ids, phases, annotations and logprobs', () => {
    const annotations = [{ type: 'file_citation', file_id: 'file-1', filename: 'a.md', index: 3 }, { type: 'url_citation', url: 'https://a', title: 'A', start_index: 0, end_index: 2 }];
    const item = {
      ...message('Hello'),
      phase: 'final_answer',
      content: [
        { type: 'output_text', text: 'Hello', annotations, logprobs: [{ token: 'Hello', logprob: -0.1, bytes: [], top_logprobs: [] }] },
        { type: 'output_text', text: 'World', annotations: [], logprobs: [] },
        { type: 'refusal', refusal: 'Not that.' },
      ],
    };
    expect(sentBack([item])).toEqual([item]);
  });

  it('encrypted reasoning with its summary, calls, and the items of server tools', () => {
    const output = [reasoning, ...calls, ...opaque, message('Done')];
    expect(sentBack(output)).toEqual(output);
  });

  it('pictures the server made', () => {
    const item = { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: 'AAAA', output_format: 'webp', revised_prompt: 'a cat' };
    expect(dialect.fromResponse(response(item), scope).content).toMatchObject([{ type: 'image', data: 'AAAA', mediaType: 'image/webp' }]);
    expect(sentBack([item])).toEqual([item]);
  });

  it('readable reasoning of open models', () => {
    const item = { type: 'reasoning', id: 'rs_1', summary: [], content: [{ type: 'reasoning_text', text: 'Hm.' }] };
    expect(sentBack([item])).toEqual([item]);
  });

  it('reasoning that was not encrypted only to a server that kept it', () => {
    const bare = { type: 'reasoning', id: 'rs_1', summary: [] };
    expect(sentBack([bare, message('Done')], {}, true)).toEqual([bare, message('Done')]);
  });

  it('without the ids of what followed reasoning that had to be left out, for the server would miss it', () => {
    const { content } = dialect.fromResponse(response({ type: 'reasoning', id: 'rs_1', summary: [] }, message('Done'), calls[0]), scope);
    const { body, warnings } = send({ messages: [{ role: 'assistant', content }] });
    expect(body['input']).toEqual([
      { role: 'assistant', content: 'Done' },
      { type: 'function_call', call_id: 'call_1', name: 'weather', namespace: 'geo', arguments: '{"city":"Oslo"}' },
    ]);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'messages[0].content[0]' }]);
  });
});

describe('what other providers said', () => {
  it('goes as plain messages; what only they can read is dropped with a warning each', () => {
    const { body, warnings } = send({
      messages: [
        assistant(
          { type: 'reasoning', text: 'Hm.', providerData: { anthropic: { signature: 's' } } },
          { type: 'text', text: 'One', citations: [{ url: 'https://a' }] },
          { type: 'text', text: 'Two' },
          { type: 'image', data: 'AAAA', mediaType: 'image/png' },
          { type: 'audio', data: 'AAAA', mediaType: 'audio/wav' },
          { type: 'opaque', provider: 'anthropic', kind: 'server_tool_use', data: { type: 'server_tool_use' } },
          { type: 'refusal', text: 'No.' },
        ),
      ],
    });
    expect(body['input']).toEqual([
      { role: 'assistant', content: [{ type: 'output_text', text: 'One' }, { type: 'output_text', text: 'Two' }] },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ]);
    expect(warnings.map((warning) => warning.setting)).toEqual([0, 3, 4, 5].map((index) => `messages[0].content[${index}]`));
  });
});

import { describe, expect, it } from 'vitest';
import { isGatewayError } from '../../../src/errors.js';
import { dialect } from './build.js';

const read = (body: Record<string, unknown>) => dialect.fromRequest({ model: 'gpt-4.1', input: 'Hi', ...body });

describe('a request of a client', () => {
  it('reads the settings that the request has a place for', () => {
    const { request, streaming } = read({
      instructions: 'Be brief.', stream: true, temperature: 0.5, top_p: 0.9, max_output_tokens: 100, parallel_tool_calls: false, tool_choice: { type: 'function', name: 'f' }, reasoning: { effort: 'low' },
      text: { format: { type: 'json_schema', name: 'person', schema: { type: 'object' }, strict: true } },
    });
    expect(streaming).toBe(true);
    expect(request).toEqual({
      model: 'gpt-4.1',
      messages: [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: 'Hi' }],
      temperature: 0.5,
      topP: 0.9,
      maxTokens: 100,
      parallelToolCalls: false,
      toolChoice: { tool: 'f' },
      reasoning: { effort: 'low' },
      output: { type: 'json', name: 'person', schema: { type: 'object' }, strict: true },
    });
  });

  it('keeps everything else in the words of the wire', () => {
    const { request } = read({
      previous_response_id: 'resp_0', store: true, include: ['file_search_call.results'], metadata: { a: 'b' }, user: null, text: { format: { type: 'text' }, verbosity: 'low' },
      reasoning: { effort: null, summary: 'auto' }, tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [] },
    });
    expect(request.providerOptions).toEqual({
      'openai-responses': {
        previous_response_id: 'resp_0', store: true, include: ['file_search_call.results'], metadata: { a: 'b' }, text: { verbosity: 'low' }, reasoning: { summary: 'auto' },
        tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [] },
      },
    });
  });

  it('hands the settings on for the answer, which repeats them, and never the input', () => {
    expect(read({ metadata: { a: 'b' }, temperature: 1, stream: true }).asked).toEqual({ model: 'gpt-4.1', settings: { metadata: { a: 'b' }, temperature: 1 } });
  });

  it('tells a function that did not say whether it is strict from one that did', () => {
    const tool = { type: 'function', name: 'f', parameters: { type: 'object' } };
    expect(read({ tools: [tool, { ...tool, strict: false }] }).request.tools).toEqual([
      { name: 'f', parameters: { type: 'object' }, providerData: { 'openai-responses': { strict: null } } },
      { name: 'f', parameters: { type: 'object' }, strict: false },
    ]);
  });

  it('takes no input when a stored conversation goes on', () => {
    expect(dialect.fromRequest({ model: 'gpt-4.1', previous_response_id: 'resp_0' }).request.messages).toEqual([]);
  });

  it('makes one message of what the assistant thought, said and called', () => {
    const { request } = read({
      input: [
        { role: 'user', content: [{ type: 'input_text', text: 'Look' }, { type: 'input_image', image_url: 'https://a/b.png', detail: 'original' }, { type: 'input_file', file_id: 'file-1' }] },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'x' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'A chart.' }, { type: 'refusal', text: 'Not more.' }] },
        { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{"a":1}' },
        { type: 'item_reference', id: 'msg_0' },
        { type: 'function_call_output', call_id: 'call_1', output: [{ type: 'input_text', text: 'ok' }] },
        { role: 'developer', content: 'Go on.' },
      ],
    });
    const own = (data: object) => ({ providerData: { 'openai-responses': data } });
    expect(request.messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image', data: 'https://a/b.png', ...own({ detail: 'original' }) },
          { type: 'file', data: '', mediaType: 'application/pdf', ...own({ file_id: 'file-1' }) },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Hm.', ...own({ id: 'rs_1', encrypted_content: 'x' }) },
          { type: 'text', text: 'A chart.' },
          { type: 'refusal', text: 'Not more.' },
          { type: 'tool-call', id: 'call_1', name: 'f', input: { a: 1 } },
          { type: 'opaque', provider: 'openai-responses', kind: 'item_reference', data: { type: 'item_reference', id: 'msg_0' } },
        ],
      },
      { role: 'tool', toolCallId: 'call_1', content: [{ type: 'text', text: 'ok' }] },
      { role: 'system', content: 'Go on.' },
    ]);
  });
});

describe('what is not in the protocol is refused by the name of its field', () => {
  it.each([
    ['body', null],
    ['body', []],
    ['model', { input: 'Hi' }],
    ['input', { model: 'm' }],
    ['input', { model: 'm', input: [] }],
    ['input', { model: 'm', input: 7 }],
    ['input[0]', { model: 'm', input: ['Hi'] }],
    ['input[0].type', { model: 'm', input: [{ content: 'Hi' }] }],
    ['input[0].role', { model: 'm', input: [{ role: 'tool', content: 'Hi' }] }],
    ['input[0].content', { model: 'm', input: [{ role: 'user' }] }],
    ['input[0].content[1].type', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text: 'a' }, { type: 'video' }] }] }],
    ['input[0].content[0].text', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_text', text: 7 }] }] }],
    ['input[0].content[0].image_url', { model: 'm', input: [{ role: 'user', content: [{ type: 'input_image' }] }] }],
    ['input[0].content[0]', { model: 'm', input: [{ role: 'system', content: [{ type: 'input_image', image_url: 'https://a' }] }] }],
    ['input[0].content[0].type', { model: 'm', input: [{ role: 'assistant', content: [{ text: 'x' }] }] }],
    ['input[0].call_id', { model: 'm', input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }],
    ['input[0].arguments', { model: 'm', input: [{ type: 'function_call', name: 'f', call_id: 'c', arguments: {} }] }],
    ['input[0].call_id', { model: 'm', input: [{ type: 'function_call_output', output: 'x' }] }],
    ['input[0].output', { model: 'm', input: [{ type: 'function_call_output', call_id: 'c' }] }],
    ['instructions', { model: 'm', input: 'Hi', instructions: 7 }],
    ['temperature', { model: 'm', input: 'Hi', temperature: Number.NaN }],
    ['max_output_tokens', { model: 'm', input: 'Hi', max_output_tokens: -1 }],
    ['stream', { model: 'm', input: 'Hi', stream: 'yes' }],
    ['tools', { model: 'm', input: 'Hi', tools: {} }],
    ['tools[0].type', { model: 'm', input: 'Hi', tools: [{}] }],
    ['tools[0].name', { model: 'm', input: 'Hi', tools: [{ type: 'function' }] }],
    ['tools[0].parameters', { model: 'm', input: 'Hi', tools: [{ type: 'function', name: 'f', parameters: 'x' }] }],
    ['tool_choice', { model: 'm', input: 'Hi', tool_choice: 'any' }],
    ['tool_choice.name', { model: 'm', input: 'Hi', tool_choice: { type: 'function' } }],
    ['text.format.type', { model: 'm', input: 'Hi', text: { format: { type: 'xml' } } }],
    ['text.format.schema', { model: 'm', input: 'Hi', text: { format: { type: 'json_schema', name: 'x' } } }],
    ['reasoning.effort', { model: 'm', input: 'Hi', reasoning: { effort: 'extreme' } }],
  ])('%s', (field, body) => {
    let thrown: unknown;
    try {
      dialect.fromRequest(body);
    } catch (error) {
      thrown = error;
    }
    expect(isGatewayError(thrown, 'invalid_request') && thrown.message.split(': ')[0]).toBe(field);
  });
});

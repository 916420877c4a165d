import { describe, expect, it } from 'vitest';
import { isGatewayError } from '../../../src/errors.js';
import { send, user } from './build.js';

const parameters = { type: 'object', properties: { city: { type: 'string' } } };

describe('settings', () => {
  it('writes each setting in the words of the protocol', () => {
    const { body, warnings } = send(
      { maxTokens: 100, temperature: 0.5, topP: 0.9, parallelToolCalls: false, reasoning: { effort: 'low' }, messages: [{ role: 'system', content: 'Be brief.' }, user('Hi')] },
      { streaming: true },
    );
    expect(body).toEqual({
      model: 'gpt-4.1',
      instructions: 'Be brief.',
      input: [{ role: 'user', content: 'Hi' }],
      max_output_tokens: 100,
      temperature: 0.5,
      top_p: 0.9,
      parallel_tool_calls: false,
      reasoning: { effort: 'low' },
      store: false,
      include: ['reasoning.encrypted_content'],
      stream: true,
    });
    expect(warnings).toEqual([]);
  });

  it('warns of every setting that the protocol has no word for, and sends none of them', () => {
    const { body, warnings } = send({ topK: 5, stop: ['END'], seed: 1, presencePenalty: 1, frequencyPenalty: 1, reasoning: { maxTokens: 2000 } });
    expect(warnings.map(({ kind, setting }) => `${kind} ${setting}`)).toEqual([
      'dropped topK', 'dropped stop', 'dropped seed', 'dropped presencePenalty', 'dropped frequencyPenalty', 'dropped reasoning.maxTokens',
    ]);
    expect(Object.keys(body)).toEqual(['model', 'input', 'store']);
  });

  it('asks for at least the 16 tokens that the server takes, with a warning', () => {
    expect(send({ maxTokens: 16 })).toMatchObject({ body: { max_output_tokens: 16 }, warnings: [] });
    expect(send({ maxTokens: 1 })).toMatchObject({ body: { max_output_tokens: 16 }, warnings: [{ kind: 'approximated', setting: 'maxTokens' }] });
  });

  it('merges provider options last, under the name of the adapter, its vendor or the protocol', () => {
    for (const name of ['openai', 'openai-responses']) {
      const { body } = send({ reasoning: { effort: 'high' }, providerOptions: { [name]: { reasoning: { summary: 'auto' }, service_tier: 'flex', include: ['message.output_text.logprobs'] } } });
      expect(body).toMatchObject({ reasoning: { effort: 'high', summary: 'auto' }, service_tier: 'flex', include: ['message.output_text.logprobs'] });
    }
  });
});

describe('statelessness', () => {
  it('asks the server to keep nothing, unless the options or the quirks say otherwise', () => {
    expect(send({}).body['store']).toBe(false);
    expect(send({ providerOptions: { openai: { store: true } } }).body['store']).toBe(true);
    expect(send({}, { quirks: { stateless: false } }).body).not.toHaveProperty('store');
  });

  it.each(['o3', 'o4-mini', 'gpt-5', 'gpt-5-mini', 'gpt-5.2-codex', 'openai/gpt-5.6', 'codex-mini-latest'])('asks %s for encrypted reasoning', (model) => {
    expect(send({}, { model }).body['include']).toEqual(['reasoning.encrypted_content']);
  });

  it.each(['gpt-4o', 'gpt-4.1-mini', 'gpt-5-chat-latest', 'gpt-5.2-chat-latest', 'grok-4', 'my-deployment'])('does not ask %s, which may answer 400 to it', (model) => {
    expect(send({}, { model }).body).not.toHaveProperty('include');
  });

  it('asks any model for encrypted reasoning when the request sets an effort or the quirks say always', () => {
    expect(send({ reasoning: { effort: 'low' } }, { model: 'my-deployment' }).body).toHaveProperty('include');
    expect(send({}, { model: 'my-deployment', quirks: { encryptedReasoning: 'always' } }).body).toHaveProperty('include');
    expect(send({}, { model: 'gpt-5', quirks: { encryptedReasoning: 'never' } }).body).not.toHaveProperty('include');
  });

  it('asks for no encrypted reasoning when the server keeps the response', () => {
    expect(send({ providerOptions: { openai: { store: true } } }, { model: 'gpt-5' }).body).not.toHaveProperty('include');
  });
});

describe('structured output', () => {
  it('asks for a schema by name, and for any JSON object without one', () => {
    const schema = { type: 'object', properties: {}, additionalProperties: false };
    expect(send({ output: { type: 'json', schema, name: 'person', strict: true } }).body['text']).toEqual({ format: { type: 'json_schema', name: 'person', schema, strict: true } });
    expect(send({ output: { type: 'json', schema } }).body['text']).toEqual({ format: { type: 'json_schema', name: 'answer', schema } });
    expect(send({ output: { type: 'json' } }).body['text']).toEqual({ format: { type: 'json_object' } });
  });
});

describe('tools', () => {
  it('says that a function is not strict unless it asked to be, because silence means strict here', () => {
    const { body } = send({ tools: [{ name: 'weather', description: 'Weather', parameters }, { name: 'exact', parameters, strict: true }] });
    expect(body['tools']).toEqual([
      { type: 'function', name: 'weather', description: 'Weather', parameters, strict: false },
      { type: 'function', name: 'exact', parameters, strict: true },
    ]);
  });

  it('passes what only this vendor knows of a function', () => {
    const { body } = send({ tools: [{ name: 'weather', parameters, providerData: { openai: { defer_loading: true } } }] });
    expect(body['tools']).toEqual([{ type: 'function', name: 'weather', parameters, strict: false, defer_loading: true }]);
  });

  it('passes server tools and custom tools in their own words, and drops those of others with a warning', () => {
    const { body, warnings } = send({
      tools: [
        { type: 'provider', provider: 'openai', definition: { type: 'web_search', search_context_size: 'low' } },
        { type: 'provider', provider: 'openai', definition: { type: 'custom', name: 'sql', format: { type: 'text' } } },
        { type: 'provider', provider: 'anthropic', definition: { type: 'web_search_20250305', name: 'web_search' } },
      ],
    });
    expect(body['tools']).toEqual([{ type: 'web_search', search_context_size: 'low' }, { type: 'custom', name: 'sql', format: { type: 'text' } }]);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'tools[2]' }]);
  });

  it('forces a function, a custom tool or a server tool, each in its own shape', () => {
    const tools = [
      { name: 'weather', parameters },
      { type: 'provider', provider: 'openai', definition: { type: 'custom', name: 'sql' } },
      { type: 'provider', provider: 'openai', definition: { type: 'web_search' } },
    ] as const;
    expect(send({ tools, toolChoice: { tool: 'weather' } }).body['tool_choice']).toEqual({ type: 'function', name: 'weather' });
    expect(send({ tools, toolChoice: { tool: 'sql' } }).body['tool_choice']).toEqual({ type: 'custom', name: 'sql' });
    expect(send({ tools, toolChoice: { tool: 'web_search' } }).body['tool_choice']).toEqual({ type: 'web_search' });
    expect(send({ tools, toolChoice: 'required' }).body['tool_choice']).toBe('required');
  });
});

describe('the choice of a tool', () => {
  it('is left out with a warning where none of the tools could be sent, for the server would refuse it', () => {
    const tools = [{ type: 'provider', provider: 'anthropic', definition: { type: 'web_search_20250305', name: 'web_search' } }] as const;
    const { body, warnings } = send({ tools, toolChoice: 'required' });
    expect(body).not.toHaveProperty('tool_choice');
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'tools[0]' }, { kind: 'dropped', setting: 'toolChoice' }]);
  });
});

describe('bad input', () => {
  it.each(['image', 'file'] as const)('refuses an %s part without data, naming the field', (type) => {
    const part = { type, data: '', mediaType: 'application/pdf' };
    const error = thrownBy(() => send({ messages: [{ role: 'user', content: [part] }] }));
    expect(isGatewayError(error, 'invalid_request') && error.message).toContain('messages[0].content[0].data');
  });

  it.each(['model', 'stream', '__proto__', 'constructor'])('refuses %s as a provider option', (key) => {
    const options = JSON.parse(`{"${key}": {"x": 1}}`) as Record<string, never>;
    expect(isGatewayError(thrownBy(() => send({ providerOptions: { openai: options } })), 'invalid_request')).toBe(true);
  });
});

function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}

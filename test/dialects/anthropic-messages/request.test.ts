import { describe, expect, it } from 'vitest';
import { RejectedError } from '../../../src/errors.js';
import { build, MIDDLE, NEWER, OLDER, settings } from './build.js';

describe('a request', () => {
  it('names the model, the conversation and a limit, and nothing that was not asked for', () => {
    expect(build({ maxTokens: 100 }).body).toEqual({ model: OLDER, max_tokens: 100, messages: [{ role: 'user', content: 'Hi' }] });
  });

  it('asks for a stream only when there is to be one', () => {
    expect(build({}, OLDER, { streaming: true }).body['stream']).toBe(true);
    expect(build({}).body).not.toHaveProperty('stream');
  });

  it('sets a limit where the request names none, as high as an answer may be without streaming', () => {
    expect(build({}).body['max_tokens']).toBe(16_384);
  });

  it('keeps the default limit within what an old model can write', () => {
    expect(build({}, 'claude-3-haiku-20240307').body['max_tokens']).toBe(4096);
    expect(build({}, 'claude-3-5-sonnet-20241022').body['max_tokens']).toBe(8192);
    expect(build({}, 'someone-elses-model').body['max_tokens']).toBe(8192);
  });

  it('takes another default limit from the quirks of a server', () => {
    expect(build({}, OLDER, {}, { defaultMaxTokens: 2000 }).body['max_tokens']).toBe(2000);
  });

  it('leaves the model out and names the version for a cloud that has the model in its URL', () => {
    const vertex = build({}, OLDER, { streaming: true }, { cloud: 'vertex' }).body;
    expect(vertex).toMatchObject({ anthropic_version: 'vertex-2023-10-16', stream: true });
    expect(vertex).not.toHaveProperty('model');
    const bedrock = build({}, OLDER, { streaming: true }, { cloud: 'bedrock' }).body;
    expect(bedrock).toMatchObject({ anthropic_version: 'bedrock-2023-05-31' });
    expect(bedrock).not.toHaveProperty('stream');
  });

  it('sends sampling and stop sequences', () => {
    const built = build({ temperature: 0.3, topP: 0.9, topK: 20, stop: ['END'] });
    expect(built.body).toMatchObject({ temperature: 0.3, top_p: 0.9, top_k: 20, stop_sequences: ['END'] });
    expect(built.warnings).toEqual([]);
  });

  it('lowers a temperature above one, with a warning', () => {
    const built = build({ temperature: 1.7 });
    expect(built.body['temperature']).toBe(1);
    expect(settings(built)).toEqual(['approximated temperature']);
  });

  it('keeps the temperature where a model takes it or topP but not both', () => {
    const built = build({ temperature: 0.5, topP: 0.9 }, MIDDLE);
    expect(built.body['temperature']).toBe(0.5);
    expect(built.body).not.toHaveProperty('top_p');
    expect(settings(built)).toEqual(['dropped topP']);
  });

  it('drops sampling that a model refuses, and says so unless it is the default anyway', () => {
    const built = build({ temperature: 0.5, topP: 0.9, topK: 3 }, NEWER);
    expect(Object.keys(built.body)).toEqual(['model', 'max_tokens', 'messages']);
    expect(settings(built)).toEqual(['dropped temperature', 'dropped topP', 'dropped topK']);
    expect(build({ temperature: 1, topP: 1 }, NEWER).warnings).toEqual([]);
  });

  it('warns of every setting that the protocol has no word for', () => {
    const built = build({ seed: 1, presencePenalty: 0.5, frequencyPenalty: 0.5 });
    expect(settings(built)).toEqual(['dropped seed', 'dropped presencePenalty', 'dropped frequencyPenalty']);
  });

  it('drops stop sequences of white space, which the API refuses', () => {
    const built = build({ stop: ['\n\n', 'END'] });
    expect(built.body['stop_sequences']).toEqual(['END']);
    expect(settings(built)).toEqual(['dropped stop']);
  });

  it('merges the options of this provider into the body, last', () => {
    const { body } = build({ maxTokens: 5, providerOptions: { anthropic: { service_tier: 'auto', container: 'c1', metadata: { user_id: 'u' }, max_tokens: 6 }, openai: { user: 'x' } } });
    expect(body).toMatchObject({ service_tier: 'auto', container: 'c1', metadata: { user_id: 'u' }, max_tokens: 6 });
    expect(body).not.toHaveProperty('user');
  });

  it('refuses options that would reach a prototype or name another model', () => {
    expect(() => build({ providerOptions: { anthropic: { model: 'x' } } })).toThrow(RejectedError);
    expect(() => build({ providerOptions: { anthropic: { metadata: JSON.parse('{"__proto__":{"a":1}}') } } })).toThrow(/__proto__/);
  });
});

describe('structured output', () => {
  const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false } as const;

  it('goes into output_config as a JSON schema', () => {
    expect(build({ output: { type: 'json', schema, name: 'x', strict: true } }).body['output_config']).toEqual({ format: { type: 'json_schema', schema } });
  });

  it('shares output_config with the effort', () => {
    expect(build({ output: { type: 'json', schema }, reasoning: { effort: 'low' } }, NEWER).body['output_config']).toEqual({ effort: 'low', format: { type: 'json_schema', schema } });
  });

  it('warns when there is no schema to keep to', () => {
    const built = build({ output: { type: 'json' } });
    expect(built.body).not.toHaveProperty('output_config');
    expect(settings(built)).toEqual(['dropped output']);
  });

  it('closes every object, wherever it is in the schema', () => {
    const open = { type: 'object', properties: { list: { type: 'array', items: { type: 'object', properties: {} } } }, anyOf: [{ type: 'object', properties: {} }], $defs: { D: { type: 'object', properties: {} } } } as const;
    const built = build({ output: { type: 'json', schema: open } });
    expect(built.body['output_config']).toEqual({
      format: {
        type: 'json_schema',
        schema: {
          type: 'object',
          properties: { list: { type: 'array', items: { type: 'object', properties: {}, additionalProperties: false } } },
          anyOf: [{ type: 'object', properties: {}, additionalProperties: false }],
          $defs: { D: { type: 'object', properties: {}, additionalProperties: false } },
          additionalProperties: false,
        },
      },
    });
    expect(built.warnings).toEqual([]);
  });

  it('leaves out limits that cannot be enforced, and names them', () => {
    const limited = { type: 'object', properties: { minimum: { type: 'number', minimum: 1 }, list: { type: 'array', minItems: 3, items: { oneOf: [{ type: 'string', maxLength: 4 }] } } }, additionalProperties: true } as const;
    const built = build({ output: { type: 'json', schema: limited } });
    expect(built.body['output_config']).toEqual({
      format: { type: 'json_schema', schema: { type: 'object', properties: { minimum: { type: 'number' }, list: { type: 'array', items: { anyOf: [{ type: 'string' }] } } }, additionalProperties: false } },
    });
    expect(built.warnings).toEqual([expect.objectContaining({ kind: 'approximated', setting: 'output.schema', detail: expect.stringContaining('minimum, minItems, oneOf, maxLength, additionalProperties') })]);
  });
});

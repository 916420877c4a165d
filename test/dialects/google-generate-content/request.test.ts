import { describe, expect, it } from 'vitest';
import { isGatewayError } from '../../../src/errors.js';
import { send, sendMessages } from './build.js';

const weather = { name: 'weather', description: 'Looks outside', parameters: { type: 'object', properties: { city: { type: 'string' } } } };

describe('a generateContent request', () => {
  it('holds neither the model nor whether it streams, which are in the URL', () => {
    expect(send({}, { streaming: true }).body).toEqual({ contents: [{ role: 'user', parts: [{ text: 'hello' }] }] });
  });

  it('names every setting as the wire does', () => {
    const { body, warnings } = send({ maxTokens: 10, temperature: 0, topP: 0.5, topK: 3, stop: ['END'], seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2 });
    expect(body['generationConfig']).toEqual({
      maxOutputTokens: 10, temperature: 0, topP: 0.5, topK: 3, stopSequences: ['END'], seed: 7, presencePenalty: 0.1, frequencyPenalty: 0.2,
    });
    expect(warnings).toEqual([]);
  });

  it('asks for JSON, held to the schema where there is one', () => {
    const schema = { type: 'object', properties: { age: { type: 'integer' } } };
    expect(send({ output: { type: 'json' } }).body['generationConfig']).toEqual({ responseMimeType: 'application/json' });
    expect(send({ output: { type: 'json', schema, name: 'person' } }).body['generationConfig']).toEqual({ responseMimeType: 'application/json', responseJsonSchema: schema });
  });

  it('takes cached content, safety settings and whatever else through providerOptions', () => {
    const safetySettings = [{ category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' }];
    const { body } = send({ temperature: 1, providerOptions: { google: { cachedContent: 'cachedContents/1', safetySettings, generationConfig: { responseModalities: ['IMAGE'] } } } });
    expect(body).toMatchObject({ cachedContent: 'cachedContents/1', safetySettings, generationConfig: { temperature: 1, responseModalities: ['IMAGE'] } });
  });

  it('reads the options of the adapter before those of its vendor', () => {
    const { body } = send({ providerOptions: { google: { labels: { team: 'a' } }, 'google-eu': { labels: { team: 'b' } } } }, { provider: 'google-eu' });
    expect(body['labels']).toEqual({ team: 'b' });
  });
});

describe('the tools of a request', () => {
  it('declares functions by JSON Schema', () => {
    const { body } = send({ tools: [weather, { name: 'time', parameters: { type: 'object' }, providerData: { google: { behavior: 'BLOCKING' } } }] });
    expect(body['tools']).toEqual([
      {
        functionDeclarations: [
          { name: 'weather', description: 'Looks outside', parametersJsonSchema: weather.parameters },
          { name: 'time', behavior: 'BLOCKING', parametersJsonSchema: { type: 'object' } },
        ],
      },
    ]);
    expect(body['toolConfig']).toBeUndefined();
  });

  it.each([
    ['auto', { mode: 'AUTO' }],
    ['none', { mode: 'NONE' }],
    ['required', { mode: 'ANY' }],
    [{ tool: 'weather' }, { mode: 'ANY', allowedFunctionNames: ['weather'] }],
  ] as const)('says the tool choice %j', (toolChoice, functionCallingConfig) => {
    expect(send({ tools: [weather], toolChoice }).body['toolConfig']).toEqual({ functionCallingConfig });
  });

  it('holds the arguments of a strict tool to its schema', () => {
    expect(send({ tools: [{ ...weather, strict: true }] }).body['toolConfig']).toEqual({ functionCallingConfig: { mode: 'VALIDATED' } });
    expect(send({ tools: [{ ...weather, strict: true }], toolChoice: 'required' }).body['toolConfig']).toEqual({ functionCallingConfig: { mode: 'ANY' } });
  });

  it('passes its own server-side tools on and drops those of others with a warning', () => {
    const { body, warnings } = send({
      tools: [
        { type: 'provider', provider: 'google', definition: { googleSearch: {} } },
        { type: 'provider', provider: 'openai', definition: { type: 'web_search' } },
      ],
    });
    expect(body['tools']).toEqual([{ googleSearch: {} }]);
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'tools[1]' }]);
  });

  it('warns of a forced choice without a function, which the API would refuse', () => {
    const { body, warnings } = send({ toolChoice: 'required' });
    expect(body['toolConfig']).toBeUndefined();
    expect(warnings).toMatchObject([{ kind: 'dropped', setting: 'toolChoice' }]);
  });

  it('warns that calls cannot be held to one at a time', () => {
    expect(send({ tools: [weather], parallelToolCalls: false }).warnings).toMatchObject([{ kind: 'dropped', setting: 'parallelToolCalls' }]);
    expect(send({ tools: [weather], parallelToolCalls: true }).warnings).toEqual([]);
  });

  it('asks for streamed arguments only where the server can and the answer streams', () => {
    const quirks = { streamFunctionArguments: true };
    expect(send({ tools: [weather] }, { quirks, streaming: true }).body['toolConfig']).toEqual({ functionCallingConfig: { streamFunctionCallArguments: true } });
    expect(send({ tools: [weather] }, { quirks }).body['toolConfig']).toBeUndefined();
    expect(send({ tools: [weather] }, { streaming: true }).body['toolConfig']).toBeUndefined();
  });
});

describe('reasoning in a request', () => {
  it.each([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0, includeThoughts: false }],
    ['gemini-2.5-flash', 'low', { thinkingBudget: 1024, includeThoughts: true }],
    ['gemini-2.5-pro', 'medium', { thinkingBudget: 8192, includeThoughts: true }],
    ['gemini-2.5-pro', 'high', { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-3-flash-preview', 'minimal', { thinkingLevel: 'MINIMAL', includeThoughts: true }],
    ['gemini-3.1-pro-preview', 'medium', { thinkingLevel: 'MEDIUM', includeThoughts: true }],
    ['gemini-flash-latest', 'high', { thinkingLevel: 'HIGH', includeThoughts: true }],
  ] as const)('asks %s for effort %s in its own way', (model, effort, thinkingConfig) => {
    const { body, warnings } = send({ reasoning: { effort } }, { model });
    expect(body['generationConfig']).toEqual({ thinkingConfig });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128, includeThoughts: false }],
    ['gemini-2.5-flash', 'max', { thinkingBudget: 24_576, includeThoughts: true }],
    ['gemini-3-flash-preview', 'none', { thinkingLevel: 'MINIMAL', includeThoughts: false }],
    ['gemini-3-pro-preview', 'minimal', { thinkingLevel: 'LOW', includeThoughts: true }],
    ['gemini-3-pro-preview', 'xhigh', { thinkingLevel: 'HIGH', includeThoughts: true }],
  ] as const)('warns where %s can only come near effort %s', (model, effort, thinkingConfig) => {
    const { body, warnings } = send({ reasoning: { effort } }, { model });
    expect(body['generationConfig']).toEqual({ thinkingConfig });
    expect(warnings).toMatchObject([{ kind: 'approximated', setting: 'reasoning.effort' }]);
  });

  it('takes a token budget as it is', () => {
    expect(send({ reasoning: { maxTokens: 500 } }).body['generationConfig']).toEqual({ thinkingConfig: { thinkingBudget: 500, includeThoughts: true } });
    expect(send({ reasoning: {} }).body['generationConfig']).toEqual({ thinkingConfig: { includeThoughts: true } });
  });

  it('never sends a level and a budget together', () => {
    const reasoning = { effort: 'low', maxTokens: 500 } as const;
    const third = send({ reasoning }, { model: 'gemini-3-flash-preview' });
    expect(third.body['generationConfig']).toEqual({ thinkingConfig: { thinkingLevel: 'LOW', includeThoughts: true } });
    expect(third.warnings).toMatchObject([{ kind: 'dropped', setting: 'reasoning.maxTokens' }]);
    const second = send({ reasoning });
    expect(second.body['generationConfig']).toEqual({ thinkingConfig: { thinkingBudget: 500, includeThoughts: true } });
    expect(second.warnings).toMatchObject([{ kind: 'dropped', setting: 'reasoning.effort' }]);
  });

  it('goes by the declared generation where the name says nothing', () => {
    const { body } = send({ reasoning: { effort: 'low' } }, { model: 'endpoints/123', quirks: { generation: 'gemini-3' } });
    expect(body['generationConfig']).toMatchObject({ thinkingConfig: { thinkingLevel: 'LOW' } });
  });
});

describe('bad input', () => {
  it('refuses a tool result whose call is not there, naming the field', () => {
    let thrown: unknown;
    try {
      sendMessages([{ role: 'tool', toolCallId: 'call_9', content: 'sunny' }]);
    } catch (error) {
      thrown = error;
    }
    expect(isGatewayError(thrown, 'invalid_request') && thrown.message).toContain('messages[0].toolCallId');
  });

  it('refuses options that would reach a prototype', () => {
    expect(() => send({ providerOptions: { google: { generationConfig: JSON.parse('{"__proto__":{"a":1}}') as object as {} } } })).toThrow(/prototype/);
  });
});

import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenerativeAI } from '@google/generative-ai';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeServer, type FakeServer } from '../../src/testing/index.js';

let server: FakeServer;
beforeEach(async () => {
  server = await fakeServer();
});
afterEach(() => server.close());

const openai = (): OpenAI => new OpenAI({ apiKey: 'sk-test', baseURL: server.baseUrls.openai, maxRetries: 0 });
const anthropic = (): Anthropic => new Anthropic({ apiKey: 'test', baseURL: server.url, maxRetries: 0 });
const genai = (): GoogleGenAI => new GoogleGenAI({ apiKey: 'test', httpOptions: { baseUrl: server.url } });
const generativeAi = () => new GoogleGenerativeAI('test').getGenerativeModel({ model: 'gemini' }, { baseUrl: server.url });

const USAGE = { inputTokens: 120, outputTokens: 30, cacheReadTokens: 100, reasoningTokens: 12 };
const ANSWER = { reasoning: 'Let me see.', text: 'It rains 🌧', toolCalls: [{ id: 'c1', name: 'weather', input: { city: 'Zürich' } }, { id: 'c2', name: 'time' }], usage: USAGE } as const;
const MESSAGES = [{ role: 'user' as const, content: 'Weather?' }];

describe('the openai SDK accepts what the fake server says', () => {
  it('as a chat completion', async () => {
    server.reply(ANSWER);
    const answer = await openai().chat.completions.create({ model: 'gpt', messages: MESSAGES });
    expect(answer.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'It rains 🌧' } });
    expect(answer.choices[0]?.message.tool_calls).toMatchObject([{ id: 'c1', function: { name: 'weather', arguments: '{"city":"Zürich"}' } }, { id: 'c2' }]);
    expect(answer.usage).toMatchObject({ prompt_tokens: 120, completion_tokens: 30, prompt_tokens_details: { cached_tokens: 100 }, completion_tokens_details: { reasoning_tokens: 12 } });
  });

  it('as a stream of chunks that add up to the same', async () => {
    server.reply(ANSWER);
    const stream = openai().chat.completions.stream({ model: 'gpt', messages: MESSAGES, stream_options: { include_usage: true } });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]).toMatchObject({ finish_reason: 'tool_calls', message: { content: 'It rains 🌧', tool_calls: [{ id: 'c1', function: { arguments: '{"city":"Zürich"}' } }, { id: 'c2' }] } });
    expect(final.usage?.prompt_tokens).toBe(120);
  });

  it('without usage in a stream that did not ask for it', async () => {
    server.reply('hi');
    const chunks = [];
    for await (const chunk of await openai().chat.completions.create({ model: 'gpt', messages: MESSAGES, stream: true })) chunks.push(chunk);
    expect(chunks.every((chunk) => chunk.usage === undefined)).toBe(true);
  });

  it('as a response, whole and streamed', async () => {
    server.reply(ANSWER, ANSWER);
    const whole = await openai().responses.create({ model: 'gpt', input: 'Weather?' });
    const stream = openai().responses.stream({ model: 'gpt', input: 'Weather?' });
    const streamed = await stream.finalResponse();
    for (const response of [whole, streamed]) {
      expect(response.output_text).toBe('It rains 🌧');
      expect(response.output.map((item) => item.type)).toEqual(['reasoning', 'message', 'function_call', 'function_call']);
      expect(response.usage).toMatchObject({ input_tokens: 120, output_tokens: 30, input_tokens_details: { cached_tokens: 100 } });
    }
    expect(streamed.output).toMatchObject([{}, {}, { call_id: 'c1', arguments: '{"city":"Zürich"}' }, { call_id: 'c2', arguments: '{}' }]);
  });

  it('as embeddings, which it asks for in base64', async () => {
    server.reply({ embeddings: [[0.5, -0.25], [1, 0]] });
    const answer = await openai().embeddings.create({ model: 'embed', input: ['a', 'b'] });
    expect(answer.data.map((item) => Array.from(item.embedding))).toEqual([[0.5, -0.25], [1, 0]]);
    expect(server.calls[0]).toMatchObject({ dialect: 'openai-embeddings', text: 'a\nb' });
  });

  it('as errors of their own class', async () => {
    server.fail('authentication').fail('provider_rate_limit', { retryAfterMs: 1500 }).fail('quota_exhausted').reply({ text: ['a'], ending: { error: 'overloaded' } });
    const ask = () => openai().chat.completions.create({ model: 'gpt', messages: MESSAGES });
    await expect(ask()).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    const limited = await ask().catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
    expect(limited instanceof OpenAI.APIError && limited.headers?.get('retry-after')).toBe('2');
    await expect(ask()).rejects.toMatchObject({ status: 429, code: 'insufficient_quota' });
    const reading = async (): Promise<void> => {
      for await (const _ of await openai().chat.completions.create({ model: 'gpt', messages: MESSAGES, stream: true }));
    };
    await expect(reading()).rejects.toBeInstanceOf(OpenAI.APIError);
  });
});

describe('the anthropic SDK accepts what the fake server says', () => {
  const body = { model: 'claude', max_tokens: 10, messages: MESSAGES };

  it('as a message, whole and streamed', async () => {
    server.reply(ANSWER, ANSWER);
    const whole = await anthropic().messages.create(body);
    const streamed = await anthropic().messages.stream(body).finalMessage();
    for (const message of [whole, streamed]) {
      expect(message.stop_reason).toBe('tool_use');
      expect(message.content).toMatchObject([{ type: 'thinking', thinking: 'Let me see.' }, { type: 'text', text: 'It rains 🌧' }, { type: 'tool_use', id: 'c1', input: { city: 'Zürich' } }, { type: 'tool_use', id: 'c2', input: {} }]);
      expect(message.usage).toMatchObject({ input_tokens: 20, cache_read_input_tokens: 100, output_tokens: 30 });
    }
  });

  it('as errors of their own class, before and inside a stream', async () => {
    server.fail('overloaded', { retryAfterMs: 3000 }).fail('authentication').reply({ text: ['a'], ending: { error: 'overloaded' } });
    await expect(anthropic().messages.create(body)).rejects.toMatchObject({ status: 529, type: 'overloaded_error' });
    await expect(anthropic().messages.create(body)).rejects.toBeInstanceOf(Anthropic.AuthenticationError);
    await expect(anthropic().messages.stream(body).finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' });
  });
});

describe('the google SDKs accept what the fake server says', () => {
  it('as generated content, whole and streamed, through @google/genai', async () => {
    server.reply(ANSWER, ANSWER);
    const whole = await genai().models.generateContent({ model: 'gemini', contents: 'Weather?' });
    expect(whole.text).toBe('It rains 🌧');
    expect(whole.functionCalls).toMatchObject([{ id: 'c1', name: 'weather', args: { city: 'Zürich' } }, { name: 'time', args: {} }]);
    expect(whole.usageMetadata).toMatchObject({ promptTokenCount: 120, candidatesTokenCount: 18, thoughtsTokenCount: 12, cachedContentTokenCount: 100, totalTokenCount: 150 });
    let text = '';
    let last;
    for await (const chunk of await genai().models.generateContentStream({ model: 'gemini', contents: 'Weather?' })) {
      text += chunk.text ?? '';
      last = chunk;
    }
    expect(text).toBe('It rains 🌧');
    expect(last?.candidates?.[0]?.finishReason).toBe('STOP');
    expect(server.calls[1]).toMatchObject({ dialect: 'google-generate-content', model: 'gemini', streaming: true, text: 'Weather?' });
  });

  it('as generated content, whole and streamed, through @google/generative-ai', async () => {
    server.reply('It rains', 'It rains');
    expect((await generativeAi().generateContent('Weather?')).response.text()).toBe('It rains');
    const { stream, response } = await generativeAi().generateContentStream('Weather?');
    let text = '';
    for await (const chunk of stream) text += chunk.text();
    expect(text).toBe('It rains');
    expect((await response).usageMetadata).toMatchObject({ promptTokenCount: 10, candidatesTokenCount: 5 });
  });

  it('as embeddings', async () => {
    server.reply({ embeddings: [[0.5], [1]] }).always({ embeddings: { dimensions: 3 } });
    const answer = await genai().models.embedContent({ model: 'embed', contents: ['a', 'b'] });
    expect(answer.embeddings?.map((embedding) => embedding.values)).toEqual([[0.5], [1]]);
    const model = new GoogleGenerativeAI('test').getGenerativeModel({ model: 'embed' }, { baseUrl: server.url });
    expect((await model.embedContent('a')).embedding.values).toHaveLength(3);
  });

  it('as errors, and a blocked prompt as an answer without candidates', async () => {
    server.fail('provider_rate_limit', { retryAfterMs: 34_400 }).fail('content_filter');
    await expect(genai().models.generateContent({ model: 'gemini', contents: 'x' })).rejects.toMatchObject({ status: 429, message: expect.stringContaining('"retryDelay":"34.4s"') as unknown });
    const blocked = await genai().models.generateContent({ model: 'gemini', contents: 'x' });
    expect(blocked.promptFeedback?.blockReason).toBe('PROHIBITED_CONTENT');
  });
});

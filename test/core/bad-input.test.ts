import type { CallOptions, ChatRequest, EmbedRequest, TypedRequest } from 'headgate';
import { describe, expect, it } from 'vitest';
import { inspect } from 'node:util';
import { answering, ask, failure, gatewayOf } from '../support/adapters.js';

const tool = { name: 'f', parameters: { type: 'object', properties: {} } };
const call = { type: 'tool-call', id: 'c1', name: 'f', input: {} } as const;

describe('bad input', () => {
  it.each<[string, Partial<Record<keyof ChatRequest, unknown>>, string]>([
    ['a model without a slash', { model: 'gpt' }, 'model: "gpt" is neither an alias nor \'provider/model\' (known: smart, x/…)'],
    ['a provider that is not there', { model: 'y/m' }, 'model: there is no provider "y" (in "y/m") (known: smart, x/…)'],
    ['a model that is no string', { model: 7 }, "model: wanted a string such as 'provider/model', got 7"],
    ['no messages', { messages: [] }, 'messages: wanted a list of at least one message, got an empty list'],
    ['messages that are no list', { messages: 'hi' }, 'messages: wanted a list of at least one message, got a string'],
    ['a role that does not exist', { messages: [{ role: 'robot', content: 'x' }] }, "messages[0].role: wanted 'system', 'user', 'assistant' or 'tool', got a string"],
    ['content of a wrong kind', { messages: [{ role: 'user', content: 7 }] }, 'messages[0].content: wanted a string or a list of parts, got 7'],
    ['a part that may not be there', { messages: [{ role: 'system', content: [{ type: 'image', data: '' }] }] }, 'messages[0].content[0].type: wanted one of text in a system message, got a string'],
    ['text that is none', { messages: [{ role: 'user', content: [{ type: 'text' }] }] }, 'messages[0].content[0].text: wanted a string, got undefined'],
    ['an image without data', { messages: [{ role: 'user', content: [{ type: 'image' }] }] }, 'messages[0].content[0].data: wanted bytes, base64 or a URL, got undefined'],
    ['a tool call without an id', { messages: [{ role: 'assistant', content: [{ ...call, id: '' }] }] }, 'messages[0].content[0].id: wanted a non-empty string, got an empty string'],
    ['a tool result without its call', { messages: [{ role: 'tool', toolCallId: 'c1', content: 'x' }] }, 'messages[0].toolCallId: no earlier assistant message has a tool call with this id; put the assistant message with the call before its result'],
    ['two tools of one name', { tools: [tool, tool] }, 'tools[1].name: an earlier tool has this name already; names must differ'],
    ['a schema that is no object', { tools: [{ name: 'f', parameters: 'string' }] }, "tools[0].parameters: wanted a JSON Schema object, such as { type: 'object', properties: {} }, got a string"],
    ['a schema of a list', { tools: [{ name: 'f', parameters: { type: 'array' } }] }, "tools[0].parameters.type: wanted 'object': tools take named arguments, got a string"],
    ['an output schema that is no object', { output: { type: 'json', schema: [] } }, 'output.schema: wanted a JSON Schema object, got an empty list'],
    ['a choice of a tool that is not there', { tools: [tool], toolChoice: { tool: 'g' } }, 'toolChoice.tool: none of `tools` has this name'],
    ['a temperature that is no number', { temperature: Number.NaN }, 'temperature: wanted a finite number, 0 or more, got NaN'],
    ['a temperature below zero', { temperature: -1 }, 'temperature: wanted a finite number, 0 or more, got -1'],
    ['half a token', { maxTokens: 0.5 }, 'maxTokens: wanted a whole number above 0, got 0.5'],
    ['an endless penalty', { presencePenalty: Number.POSITIVE_INFINITY }, 'presencePenalty: wanted a finite number, got Infinity'],
    ['an empty stop', { stop: [''] }, 'stop: wanted a list of non-empty strings, got a list'],
  ])('is refused before anything is sent: %s', async (_name, change, message) => {
    const adapter = answering('a');
    const gateway = gatewayOf(adapter, undefined, { models: { smart: 'x/m' } });
    const error = await failure(gateway.chat({ ...ask, ...change } as ChatRequest));
    expect(error).toMatchObject({ code: 'invalid_request', message, retryable: false, report: { attempts: [] } });
    expect(adapter.contexts).toHaveLength(0);
  });

  it.each<[string, CallOptions, string]>([
    ['a header with a line break', { headers: { 'x-a': 'secret\r\nx-b: 1' } }, 'headers.x-a: its value has characters that no header may hold (a line break, for example)'],
    ['a header name with a colon', { headers: { 'x:a': 'b' } }, 'headers: "x:a" is no valid header name'],
    ['a deadline of no time', { timeoutMs: 0 }, 'timeoutMs: wanted milliseconds, 1 to 2147483647, got 0'],
    ['a tag that is no string', { tags: { tenant: 7 as never } }, 'tags.tenant: wanted a string, got 7'],
    ['prices that are no table', { prices: [] as never }, "prices: wanted a table such as { 'openai/gpt-5': { input: 1.25, output: 10 } }, got object"],
    ['a price of a model without its provider', { prices: { 'gpt-5': { input: 1, output: 2 } } }, "prices['gpt-5']: wanted a name such as 'openai/gpt-5' or 'openai/*'"],
    ['a price below zero', { prices: { 'x/m': { input: -1, output: 2 } } }, "prices['x/m'].input: wanted USD per million tokens, 0 or more, got -1"],
    ['a price that is none', { prices: { 'x/m': { input: 1, output: Number.NaN } } }, "prices['x/m'].output: wanted USD per million tokens, 0 or more, got NaN"],
    ['a priority that is none', { priority: Number.NaN }, 'priority: wanted a finite number, got NaN'],
  ])('is refused in the options: %s', async (_name, options, message) => {
    const error = await failure(gatewayOf(answering('a')).chat(ask, options));
    expect(error).toMatchObject({ code: 'invalid_request', message });
    expect(inspect(error, { depth: Number.POSITIVE_INFINITY, showHidden: true })).not.toContain('secret');
  });

  it.each<[string, unknown, string]>([
    ['no input', { model: 'x/e', input: [] }, 'input: wanted a list of at least one text, got an empty list'],
    ['input that is no text', { model: 'x/e', input: ['a', 7] }, 'input[1]: wanted a string, got 7'],
    ['no dimensions', { model: 'x/e', input: ['a'], dimensions: 0 }, 'dimensions: wanted a whole number above 0, got 0'],
  ])('is refused for embeddings: %s', async (_name, request, message) => {
    expect(await failure(gatewayOf(answering('a')).embed(request as EmbedRequest))).toMatchObject({ code: 'invalid_request', message });
  });

  it.each([undefined, null, 7, 'x'])('is refused when the request is %s', async (request) => {
    expect(await failure(gatewayOf(answering('a')).chat(request as never))).toMatchObject({ code: 'invalid_request' });
  });

  it('replaces half a character in a message and says so; strict refuses it', async () => {
    let sent: ChatRequest | undefined;
    const gateway = gatewayOf({ ...answering('a'), chat: async (request) => ((sent = request), { id: 'r', model: 'm', content: [], finishReason: 'stop' }) });
    const request: ChatRequest = { ...ask, messages: [{ role: 'user', content: [{ type: 'text', text: 'cut \ud83d' }] }] };
    const response = await gateway.chat(request);
    expect(sent?.messages[0]?.content).toEqual([{ type: 'text', text: 'cut \ufffd' }]);
    expect(response.warnings).toMatchObject([{ kind: 'approximated', setting: 'messages[0].content' }]);
    expect(await failure(gateway.chat(request, { strict: true }))).toMatchObject({ code: 'invalid_request' });
  });

  it('never changes what it was given', async () => {
    const request = Object.freeze({ ...ask, messages: Object.freeze([Object.freeze({ role: 'user' as const, content: 'a\ud83d' })]) });
    await gatewayOf(answering('a')).chat(request);
    expect(request.messages[0]?.content).toBe('a\ud83d');
  });

  it('keeps a hostile model name to one short line', async () => {
    const error = (await failure(gatewayOf(answering('a')).chat({ ...ask, model: `y/${'\n'.repeat(10)}${'a'.repeat(100_000)}` }))) as Error;
    expect(error.message.length).toBeLessThan(400);
    expect(error.message).not.toContain('\n');
  });

  it('refuses a typed request whose schema cannot be sent, and says what to pass instead', async () => {
    const schema = { '~standard': { version: 1, vendor: 'valid8', validate: (value: unknown) => ({ value }) } } as const;
    const error = await failure(gatewayOf(answering('a')).chat({ ...ask, output: schema } as TypedRequest<unknown>));
    expect(error).toMatchObject({ code: 'invalid_request', message: expect.stringContaining("pass output: { type: 'json', schema: <JSON Schema>, validate: <this schema> }") });
  });
});

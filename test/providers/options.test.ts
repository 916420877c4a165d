import OpenAI from 'openai';
import { GoogleGenAI } from '@google/genai';
import { GoogleGenerativeAI } from '@google/generative-ai';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ConfigError } from '../../src/errors.js';
import { anthropic } from '../../src/providers/anthropic.js';
import { google } from '../../src/providers/google.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import { openai } from '../../src/providers/openai.js';
import { thrownBy } from './support.js';

const apiKey = 'sk-secret-0123456789';

/** The options come from JavaScript too: the types are put aside on purpose. */
async function refused(factory: (options: never) => unknown, options: unknown): Promise<string> {
  const error = await thrownBy(() => factory(options as never));
  expect(error).toBeInstanceOf(ConfigError);
  const { message } = error as ConfigError;
  expect(message).not.toContain('sk-secret');
  return message;
}

beforeEach(() => {
  for (const variable of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GEMINI_API_KEY', 'GOOGLE_API_KEY', 'GROQ_API_KEY']) vi.stubEnv(variable, '');
});
afterEach(() => vi.unstubAllEnvs());

describe('a missing key', () => {
  test.each([
    ['openai', openai, {}, 'OPENAI_API_KEY'],
    ['anthropic', anthropic, {}, 'ANTHROPIC_API_KEY'],
    ['google', google, {}, 'GEMINI_API_KEY or GOOGLE_API_KEY'],
    ['openaiCompatible', openaiCompatible, { preset: 'groq' }, 'GROQ_API_KEY'],
  ] as const)('%s names the option and the variable', async (name, factory, options, variable) => {
    expect(await refused(factory, options)).toMatch(`${name}(): apiKey: nothing came and ${variable} is not set`);
  });

  test('is no fault of a server that asks for none', () => {
    expect(openaiCompatible({ preset: 'ollama' }).name).toBe('ollama');
    expect(openaiCompatible({ name: 'own', baseUrl: 'http://localhost:9999/v1' }).name).toBe('own');
  });

  test('is found in the variable', () => {
    vi.stubEnv('OPENAI_API_KEY', apiKey);
    vi.stubEnv('GOOGLE_API_KEY', apiKey);
    expect(openai().name).toBe('openai');
    expect(google().name).toBe('google');
  });

  test('a variable with a line break in it is refused by its name', async () => {
    vi.stubEnv('OPENAI_API_KEY', `${apiKey}\n`);
    expect(await refused(openai, {})).toBe('openai(): OPENAI_API_KEY: a key with a line break came, wanted visible ASCII characters only');
  });
});

describe('a wrong option is refused by name, with what came and what is wanted', () => {
  const client = new OpenAI({ apiKey });
  test.each([
    ['an unknown field', openai, { apikey: apiKey }, /apikey: this option is not known/],
    ['no object', openai, 'key', /options: a string came/],
    ['an empty key', openai, { apiKey: '' }, /apiKey: an empty string came/],
    ['a key of another type', openai, { apiKey: 5 }, /apiKey: a number came/],
    ['a key with a space', openai, { apiKey: `${apiKey} x` }, /apiKey: a key with a space came/],
    ['a key beyond ASCII', openai, { apiKey: `${apiKey}é` }, /apiKey: a key with a character outside ASCII came/],
    ['both kinds of keys', openai, { apiKey, apiKeys: { a: apiKey } }, /both apiKey and apiKeys came/],
    ['no key among the keys', openai, { apiKeys: {} }, /apiKeys: an empty object came/],
    ['a bad key among the keys', openai, { apiKeys: { spare: `${apiKey}\r\n` } }, /apiKeys\.spare: a key with a line break came/],
    ['a name with a slash', openai, { apiKey, name: 'a/b' }, /name: "a\/b" came/],
    ['another api', openai, { apiKey, api: 'completions' }, /api: "completions" came, wanted 'responses' or 'chat'/],
    ['an organization of another type', openai, { apiKey, organization: 5 }, /organization: number came/],
    ['an organization with a line break', openai, { apiKey, organization: 'a\nb' }, /organization: .*line break/],
    ['a base URL that is none', openai, { apiKey, baseUrl: 'sk-secret' }, /baseUrl: text that is not an absolute URL came/],
    ['a base URL with a password', openai, { apiKey, baseUrl: 'https://me:sk-secret@host/v1' }, /baseUrl: a URL with a user name or password in it came/],
    ['a base URL with a query', openai, { apiKey, baseUrl: 'https://host/v1?key=sk-secret' }, /baseUrl: a URL with a query or fragment came/],
    ['plain http elsewhere', openai, { apiKey, baseUrl: 'http://10.0.0.7/v1' }, /baseUrl: an http URL of another machine came, wanted https, or allowHttp: true/],
    ['another scheme', openai, { apiKey, baseUrl: 'ftp://host/v1' }, /baseUrl: a ftp: URL came/],
    ['allowHttp of another type', openai, { apiKey, allowHttp: 'yes' }, /allowHttp: a string came/],
    ['a header with a line break', openai, { apiKey, headers: { 'x-a': 'sk-secret\r\nx-b: 1' } }, /headers\.x-a: .*line break/],
    ['a header name that is none', openai, { apiKey, headers: { 'x a': '1' } }, /headers/],
    ['the key as a header', openai, { apiKey, headers: { Authorization: 'Bearer sk-secret' } }, /headers\.authorization: a header that carries the key came/],
    ['a content type', openai, { apiKey, headers: { 'Content-Type': 'text/plain' } }, /headers\.content-type/],
    ['a fetch that is none', openai, { apiKey, fetch: 'fetch' }, /fetch: a string came/],
    ['a cap of zero', openai, { apiKey, limits: { maxEventBytes: 0 } }, /limits\.maxEventBytes: 0 came/],
    ['an unknown cap', openai, { apiKey, limits: { maxBytes: 1 } }, /maxBytes: this option is not known/],
    ['a timeout that is none', openai, { apiKey, connectTimeoutMs: Number.NaN }, /connectTimeoutMs: NaN came/],
    ['a client of another shape', openai, { client: {} }, /client: an object without post\(\) came/],
    ['a client that is none', anthropic, { client: 'sk-secret' }, /client: a string came/],
    ['a key beside a client', openai, { client, apiKey }, /apiKey: this option is not known here/],
    ['a Google client of another shape', google, { client }, /client: an object of another shape came/],
    ['a base URL beside a client that has its own', google, { client: new GoogleGenAI({ apiKey }), baseUrl: 'https://host/v1' }, /baseUrl: a URL beside a client of @google\/genai came/],
    ['a base URL without its version', google, { client: new GoogleGenerativeAI(apiKey), baseUrl: 'https://host' }, /baseUrl: a URL without a path came/],
    ['an unknown preset', openaiCompatible, { preset: 'gorq', apiKey }, /preset: "gorq" came, wanted one of alibaba, azure/],
    ['a preset from the prototype', openaiCompatible, { preset: 'constructor', apiKey }, /preset: "constructor" came/],
    ['neither preset nor name', openaiCompatible, { baseUrl: 'https://host/v1' }, /name: nothing came/],
    ['no base URL', openaiCompatible, { name: 'own' }, /baseUrl: nothing came/],
    ['an unknown quirk', openaiCompatible, { name: 'own', baseUrl: 'https://host/v1', quirks: { maxToken: 1 } }, /quirks.*maxToken: this option is not known/],
    ['Azure without a place', openaiCompatible, { preset: 'azure', apiKey }, /resource: neither resource nor baseUrl came/],
    ['Azure with a hostile resource', openaiCompatible, { preset: 'azure', apiKey, resource: 'evil.com/' }, /resource/],
    ['a resource without Azure', openaiCompatible, { preset: 'groq', apiKey, resource: 'mine' }, /resource: "mine" came/],
  ] as const)('%s', async (_what, factory, options, message) => {
    expect(await refused(factory, options)).toMatch(message);
  });
});

test.each(['http://localhost:1', 'http://127.0.0.1:1', 'http://[::1]:1', 'http://api.localhost', 'https://10.0.0.7'])('%s needs no allowHttp', (baseUrl) => {
  expect(openai({ apiKey, baseUrl }).name).toBe('openai');
});

test('allowHttp admits http to another machine', () => {
  expect(openai({ apiKey, baseUrl: 'http://vllm.internal:8000/v1', allowHttp: true }).name).toBe('openai');
});

test('options are not changed', () => {
  const options = Object.freeze({ apiKeys: Object.freeze({ a: apiKey }), headers: Object.freeze({ 'X-Team': 'blue' }), limits: Object.freeze({ maxEventBytes: 10 }) });
  expect(openai(options).credentials).toEqual(['a']);
});

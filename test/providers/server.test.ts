import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';

describe('where a provider says that its requests go', () => {
  it('is the host and port of its base URL, and nothing else of it', () => {
    expect(openai({ apiKey: 'k' }).server).toEqual({ address: 'api.openai.com', port: 443 });
    expect(anthropic({ apiKey: 'k' }).server).toEqual({ address: 'api.anthropic.com', port: 443 });
    expect(google({ apiKey: 'k' }).server).toEqual({ address: 'generativelanguage.googleapis.com', port: 443 });
    expect(openaiCompatible({ name: 'local', baseUrl: 'http://127.0.0.1:8080/secret/path' }).server).toEqual({ address: '127.0.0.1', port: 8080 });
  });

  it('is the host of a client, as far as the client tells', () => {
    expect(openai({ client: new OpenAI({ apiKey: 'k', baseURL: 'https://proxy.example:8443/v1' }) }).server).toEqual({ address: 'proxy.example', port: 8443 });
    expect(openai({ client: { post: () => ({ asResponse: () => Promise.reject(new Error('not called')) }) } }).server).toBeUndefined();
  });
});

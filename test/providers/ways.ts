import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { GoogleGenerativeAI } from '@google/generative-ai';
import OpenAI, { AzureOpenAI } from 'openai';
import { anthropic } from '../../src/providers/anthropic.js';
import type { GenAiClient } from '../../src/providers/genai-client.js';
import { google } from '../../src/providers/google.js';
import { openaiCompatible } from '../../src/providers/openai-compatible.js';
import { openai } from '../../src/providers/openai.js';
import type { FakeServer } from '../../src/testing/fake-server.js';
import type { ProviderAdapter } from '../../src/types/adapter.js';

/** Every way to an answer: with a key, over an injected fetch, and through each vendor's client. */
export interface Way {
  readonly name: string;
  readonly make: (server: FakeServer) => ProviderAdapter;
  /** The client gives parsed values, so headers and raw bytes are lost. */
  readonly parsed?: true;
}

const apiKey = 'sk-test';
const viaFetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);

export const WAYS: readonly Way[] = [
  { name: 'openai responses, key', make: ({ baseUrls }) => openai({ apiKey, baseUrl: baseUrls.openai }) },
  { name: 'openai chat, key', make: ({ baseUrls }) => openai({ apiKey, baseUrl: baseUrls.openai, api: 'chat' }) },
  { name: 'openai chat, fetch', make: ({ baseUrls }) => openai({ apiKey, baseUrl: baseUrls.openai, api: 'chat', fetch: viaFetch }) },
  { name: 'openai responses, client', make: ({ baseUrls }) => openai({ client: new OpenAI({ apiKey, baseURL: baseUrls.openai, maxRetries: 2 }) }) },
  { name: 'openai chat, client', make: ({ baseUrls }) => openai({ client: new OpenAI({ apiKey, baseURL: baseUrls.openai }), api: 'chat' }) },
  { name: 'azure client', make: ({ url }) => openai({ client: new AzureOpenAI({ apiKey, endpoint: url, apiVersion: '2024-10-21' }), api: 'chat' }) },
  { name: 'anthropic, key', make: ({ baseUrls }) => anthropic({ apiKey, baseUrl: baseUrls.anthropic }) },
  { name: 'anthropic, client', make: ({ url }) => anthropic({ client: new Anthropic({ apiKey, baseURL: url }) }) },
  { name: 'google, key', make: ({ baseUrls }) => google({ apiKey, baseUrl: baseUrls.google }) },
  { name: 'google, @google/genai', make: ({ url }) => google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } }) }) },
  { name: 'google, @google/genai before fetch', parsed: true, make: ({ url }) => google({ client: withoutFetch(new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })) }) },
  { name: 'google, @google/generative-ai', parsed: true, make: ({ baseUrls }) => google({ client: new GoogleGenerativeAI(apiKey), baseUrl: baseUrls.google }) },
  { name: 'compatible, preset', make: ({ baseUrls }) => openaiCompatible({ preset: 'groq', apiKey, baseUrl: baseUrls.openai }) },
];

/** How versions of @google/genai behave that know no `fetch` per request. */
function withoutFetch({ models }: GoogleGenAI): GenAiClient {
  const strip = (parameters: unknown): never => {
    const { config, ...rest } = parameters as { readonly config: { readonly httpOptions: Record<string, unknown> } };
    const { fetch: _fetch, ...httpOptions } = config.httpOptions;
    return { ...rest, config: { ...config, httpOptions } } as never; // goes to a client whose own type fits it
  };
  return {
    models: {
      generateContent: (parameters) => models.generateContent(strip(parameters)),
      generateContentStream: (parameters) => models.generateContentStream(strip(parameters)),
      embedContent: (parameters) => models.embedContent(strip(parameters)),
    },
  };
}

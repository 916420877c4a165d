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
import type { ProviderFeature } from '../../src/testing/suites/provider-suite.js';
import type { ProviderAdapter } from '../../src/types/adapter.js';

/** Every way to an answer: with a key, over an injected fetch, and through each vendor's client. */
export interface Way {
  readonly name: string;
  readonly make: (server: FakeServer, apiKey?: string) => ProviderAdapter;
  /** The client gives parsed values, so headers and raw bytes are lost. */
  readonly parsed?: true;
  /** What its protocol, or its client, cannot do. */
  readonly without?: readonly ProviderFeature[];
  /** Cases of the suite that it cannot keep, each for a reason given with the list. */
  readonly except?: readonly string[];
}

const ANTHROPIC = ['embed', 'refusal', 'content-filter', 'context-length-errors', 'content-filter-errors'] as const;
const GOOGLE = ['refusal', 'context-length-errors', 'content-filter-errors'] as const;

/** `fetch` does not say when a request has left, so `sent` is told when it is called; its sockets belong to the process, not to the adapter. */
const OVER_FETCH = ['knows that nothing was sent when nobody listens', 'leaves no socket when it is closed'];
/** These clients report a stream that is not one like a stream that was cut. */
const PARSED = [...OVER_FETCH, 'fails with invalid_response when an event is not JSON, or the answer is a web page'];

const viaFetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init);

export const WAYS: readonly Way[] = [
  { name: 'openai responses, key', make: ({ baseUrls }, apiKey = 'sk-test') => openai({ apiKey, baseUrl: baseUrls.openai }) },
  { name: 'openai chat, key', make: ({ baseUrls }, apiKey = 'sk-test') => openai({ apiKey, baseUrl: baseUrls.openai, api: 'chat' }) },
  { name: 'openai chat, fetch', except: OVER_FETCH, make: ({ baseUrls }, apiKey = 'sk-test') => openai({ apiKey, baseUrl: baseUrls.openai, api: 'chat', fetch: viaFetch }) },
  { name: 'openai responses, client', except: OVER_FETCH, make: ({ baseUrls }, apiKey = 'sk-test') => openai({ client: new OpenAI({ apiKey, baseURL: baseUrls.openai, maxRetries: 2 }) }) },
  { name: 'openai chat, client', except: OVER_FETCH, make: ({ baseUrls }, apiKey = 'sk-test') => openai({ client: new OpenAI({ apiKey, baseURL: baseUrls.openai }), api: 'chat' }) },
  { name: 'azure client', except: OVER_FETCH, make: ({ url }, apiKey = 'sk-test') => openai({ client: new AzureOpenAI({ apiKey, endpoint: url, apiVersion: '2024-10-21' }), api: 'chat' }) },
  { name: 'anthropic, key', without: ANTHROPIC, make: ({ baseUrls }, apiKey = 'sk-test') => anthropic({ apiKey, baseUrl: baseUrls.anthropic }) },
  { name: 'anthropic, client', without: ANTHROPIC, except: OVER_FETCH, make: ({ url }, apiKey = 'sk-test') => anthropic({ client: new Anthropic({ apiKey, baseURL: url }) }) },
  { name: 'google, key', without: GOOGLE, make: ({ baseUrls }, apiKey = 'sk-test') => google({ apiKey, baseUrl: baseUrls.google }) },
  { name: 'google, @google/genai', without: GOOGLE, except: OVER_FETCH, make: ({ url }, apiKey = 'sk-test') => google({ client: new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } }) }) },
  { name: 'google, @google/genai before fetch', parsed: true, without: [...GOOGLE, 'redirects'], except: PARSED, make: ({ url }, apiKey = 'sk-test') => google({ client: withoutFetch(new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } })) }) },
  { name: 'google, @google/generative-ai', parsed: true, without: [...GOOGLE, 'redirects'], except: PARSED, make: ({ baseUrls }, apiKey = 'sk-test') => google({ client: new GoogleGenerativeAI(apiKey), baseUrl: baseUrls.google }) },
  { name: 'compatible, preset', without: ['embed'], make: ({ baseUrls }, apiKey = 'sk-test') => openaiCompatible({ preset: 'groq', apiKey, baseUrl: baseUrls.openai }) },
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

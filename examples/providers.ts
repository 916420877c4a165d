// The ways to make a provider: with a key, with several, with a vendor's client, and for any server that speaks OpenAI's chat protocol.
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import { createGateway } from 'headgate';
import { anthropic } from 'headgate/providers/anthropic';
import { google } from 'headgate/providers/google';
import { openai } from 'headgate/providers/openai';
import { openaiCompatible } from 'headgate/providers/openai-compatible';
import OpenAI from 'openai';
import { loopback } from './support/loopback.ts';

await using local = await loopback('With a key.', 'With a client.', 'From a server of our own.');
const { apiKey, baseUrl } = local.openai;
const vault = { read: async (_name: string) => apiKey };

// #region keys
const withKeys = [
  openai({ apiKey, baseUrl }),
  anthropic({ apiKeys: { main: apiKey, spare: () => vault.read('anthropic') } }), // a function is asked for every request
  google({ name: 'gemini', apiKey, headers: { 'x-team': 'search' }, connectTimeoutMs: 2000 }),
];
// #endregion keys

// #region clients
const withClients = [
  openai({ name: 'client', client: new OpenAI({ apiKey, baseURL: baseUrl }), api: 'chat' }),
  anthropic({ name: 'claude', client: new Anthropic({ apiKey }) }),
  google({ client: new GoogleGenAI({ apiKey }) }),
];
// #endregion clients

// #region compatible
const compatible = [
  openaiCompatible({ preset: 'groq', apiKey }),
  openaiCompatible({ preset: 'ollama' }), // on this machine, no key
  openaiCompatible({ preset: 'azure', apiKey, resource: 'my-resource' }), // the model is the deployment's name
  openaiCompatible({ name: 'inhouse', apiKey, baseUrl, quirks: { maxTokensField: 'max_tokens', jsonSchema: 'json_object' } }),
];
// #endregion compatible

const gateway = createGateway({ providers: [...withKeys, ...withClients, ...compatible] });
for (const model of ['openai/gpt-5-mini', 'client/gpt-5-mini', 'inhouse/llama']) {
  const { text, provider } = await gateway.chat({ model, messages: [{ role: 'user', content: 'Where are you?' }] });
  console.log(`${provider}: ${text}`);
}
await gateway.close();

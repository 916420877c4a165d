import { googleGenerateContent } from '../dialects/google-generate-content/dialect.js';
import type { ProviderAdapter } from '../types/adapter.js';
import { checkBaseUrl } from './base-url.js';
import { checkFields, wrongOption } from './check-options.js';
import { checkAdapter, connect, CONNECTION_FIELDS, type AdapterOptions, type Connection, type ConnectionOptions } from './connection-options.js';
import { genAiExchange, type GenAiClient } from './genai-client.js';
import { generativeAiExchange, locationOf, type GenerativeAiClient } from './generative-ai-client.js';
import { checkGoogleClient } from './google-clients.js';
import { googleEmbeddings } from './google-embeddings.js';
import { httpProvider } from './http-provider.js';
import { googleModel, modelPath } from './model-path.js';

export type { AdapterOptions, ConnectionOptions };

export interface GoogleKeyOptions extends ConnectionOptions {
  readonly client?: undefined;
}

export interface GoogleClientOptions extends AdapterOptions, Pick<ConnectionOptions, 'baseUrl' | 'allowHttp'> {
  /** A `GoogleGenAI` of `@google/genai`, or a `GoogleGenerativeAI` of `@google/generative-ai`. `baseUrl` is for the latter alone, which holds none of its own. */
  readonly client: GenAiClient | GenerativeAiClient;
}

/** With a key (`GEMINI_API_KEY` or `GOOGLE_API_KEY` when none is given), or with a client of one of Google's two packages. */
export type GoogleOptions = GoogleKeyOptions | GoogleClientOptions;

const FACTORY = 'google';
const BASE_URL = 'https://generativelanguage.googleapis.com/v1beta';

/**
 * Google's Gemini API: chat, streams and embeddings.
 *
 * ```ts
 * const gateway = createGateway({ providers: [google({ apiKey })] });
 * await gateway.chat({ model: 'google/gemini-2.5-flash', messages });
 * ```
 *
 * The key travels in a header, never in the URL. Throws ConfigError for an option that is wrong or missing.
 */
export function google(options: GoogleOptions = {}): ProviderAdapter {
  const { name, limits } = checkAdapter(FACTORY, options, 'google');
  const connection = options.client === undefined ? withKey(name, options) : withClient(name, options);
  return httpProvider({
    provider: name,
    vendor: 'google',
    ...connection,
    dialect: googleGenerateContent(),
    limits,
    path: (model, streaming) => `/${modelPath(googleModel(model))}:${streaming ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    embeddings: googleEmbeddings,
  });
}

function withKey(name: string, options: GoogleKeyOptions): Connection {
  checkFields(FACTORY, options, [...CONNECTION_FIELDS, 'client']);
  return connect(name, options, {
    factory: FACTORY,
    baseUrl: BASE_URL,
    keySource: { variables: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'], required: true },
    authorize: (key) => ['x-goog-api-key', key],
    headers: {},
  });
}

function withClient(name: string, options: GoogleClientOptions): Connection {
  checkFields(FACTORY, options, ['name', 'limits', 'client', 'baseUrl', 'allowHttp']);
  const client = checkGoogleClient(FACTORY, options.client);
  const baseUrl = options.baseUrl === undefined ? undefined : checkBaseUrl(FACTORY, options.baseUrl, options.allowHttp);
  if ('genAi' in client) {
    if (baseUrl !== undefined) throw wrongOption(FACTORY, 'baseUrl', 'a URL beside a client of @google/genai', "the client's own httpOptions.baseUrl");
    return { exchange: genAiExchange(name, client.genAi), credentials: undefined };
  }
  const location = baseUrl === undefined ? undefined : locationOf(FACTORY, baseUrl);
  return { exchange: generativeAiExchange(name, client.generativeAi, location), credentials: undefined };
}

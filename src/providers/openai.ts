import { openaiChat } from '../dialects/openai-chat/dialect.js';
import { openaiResponses } from '../dialects/openai-responses/dialect.js';
import { checkHeaderValue } from '../transport/headers.js';
import type { ProviderAdapter } from '../types/adapter.js';
import { checkFields, valueOf, wrongOption } from './check-options.js';
import { bearer, checkAdapter, connect, CONNECTION_FIELDS, type AdapterOptions, type Connection, type ConnectionOptions } from './connection-options.js';
import { httpProvider } from './http-provider.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import { checkSdkClient, sdkExchange, type SdkClient } from './sdk-client.js';

export type { AdapterOptions, ConnectionOptions, SdkClient };

interface OpenAIApi {
  /** Which of the two APIs chats go to. @default 'responses' */
  readonly api?: 'responses' | 'chat' | undefined;
}

export interface OpenAIKeyOptions extends ConnectionOptions, OpenAIApi {
  readonly client?: undefined;
  /** Sent as `openai-organization`. @default the key's own */
  readonly organization?: string | undefined;
  /** Sent as `openai-project`. @default the key's own */
  readonly project?: string | undefined;
}

export interface OpenAIClientOptions extends AdapterOptions, OpenAIApi {
  /** An `OpenAI` or `AzureOpenAI` of the package `openai`. Its key, host, proxy and headers stay in force; its retries do not. */
  readonly client: SdkClient;
}

/** With a key (`OPENAI_API_KEY` when none is given), or with a client of the package `openai`. */
export type OpenAIOptions = OpenAIKeyOptions | OpenAIClientOptions;

const FACTORY = 'openai';
const BASE_URL = 'https://api.openai.com/v1';

/** Inputs of one embeddings request: https://platform.openai.com/docs/api-reference/embeddings/create */
const MAX_INPUTS = 2048;

/**
 * OpenAI: chat, streams and embeddings.
 *
 * ```ts
 * const gateway = createGateway({ providers: [openai({ apiKey })] });
 * await gateway.chat({ model: 'openai/gpt-5-mini', messages });
 * ```
 *
 * Throws ConfigError for an option that is wrong or missing.
 */
export function openai(options: OpenAIOptions = {}): ProviderAdapter {
  const { name, limits } = checkAdapter(FACTORY, options, 'openai');
  const { api = 'responses' } = options;
  if (api !== 'responses' && api !== 'chat') throw wrongOption(FACTORY, 'api', valueOf(api), "'responses' or 'chat'");
  const connection = options.client === undefined ? withKey(name, options) : withClient(name, options);
  return httpProvider({
    provider: name,
    vendor: 'openai',
    ...connection,
    dialect: api === 'chat' ? openaiChat() : openaiResponses(),
    limits,
    path: () => (api === 'chat' ? '/chat/completions' : '/responses'),
    embeddings: openaiEmbeddings({ maxInputs: MAX_INPUTS, path: () => '/embeddings' }),
  });
}

function withKey(name: string, options: OpenAIKeyOptions): Connection {
  checkFields(FACTORY, options, [...CONNECTION_FIELDS, 'client', 'api', 'organization', 'project']);
  return connect(name, options, {
    factory: FACTORY,
    baseUrl: BASE_URL,
    keySource: { variables: ['OPENAI_API_KEY'], required: true },
    authorize: bearer,
    headers: {
      ...headerOf('openai-organization', 'organization', options.organization),
      ...headerOf('openai-project', 'project', options.project),
    },
  });
}

function headerOf(name: string, field: string, value: unknown): Readonly<Record<string, string>> {
  return value === undefined ? {} : { [name]: checkHeaderValue(value, `${FACTORY}(): ${field}`) };
}

function withClient(name: string, options: OpenAIClientOptions): Connection {
  checkFields(FACTORY, options, ['name', 'limits', 'client', 'api']);
  return { exchange: sdkExchange(name, checkSdkClient(FACTORY, 'openai', options.client), ''), credentials: undefined };
}

import { anthropicMessages } from '../dialects/anthropic-messages/dialect.js';
import type { ProviderAdapter } from '../types/adapter.js';
import { checkFields } from './check-options.js';
import { checkAdapter, connect, CONNECTION_FIELDS, type AdapterOptions, type Connection, type ConnectionOptions } from './connection-options.js';
import { httpProvider } from './http-provider.js';
import { checkSdkClient, sdkExchange, type SdkClient } from './sdk-client.js';

export type { AdapterOptions, ConnectionOptions, SdkClient };

export interface AnthropicKeyOptions extends ConnectionOptions {
  readonly client?: undefined;
}

export interface AnthropicClientOptions extends AdapterOptions {
  /** An `Anthropic` of `@anthropic-ai/sdk`, or an `AnthropicBedrock` or `AnthropicVertex`. Its key, host, proxy and headers stay in force; its retries do not. */
  readonly client: SdkClient;
}

/** With a key (`ANTHROPIC_API_KEY` when none is given), or with a client of `@anthropic-ai/sdk`. */
export type AnthropicOptions = AnthropicKeyOptions | AnthropicClientOptions;

const FACTORY = 'anthropic';
const BASE_URL = 'https://api.anthropic.com/v1';

/** The version of the wire format: https://docs.claude.com/en/api/versioning */
const API_VERSION = '2023-06-01';

/**
 * Anthropic: chat and streams. It has no embeddings.
 *
 * ```ts
 * const gateway = createGateway({ providers: [anthropic({ apiKey })] });
 * await gateway.chat({ model: 'anthropic/claude-sonnet-4-5', messages });
 * ```
 *
 * Throws ConfigError for an option that is wrong or missing.
 */
export function anthropic(options: AnthropicOptions = {}): ProviderAdapter {
  const { name, limits } = checkAdapter(FACTORY, options, 'anthropic');
  const connection = options.client === undefined ? withKey(name, options) : withClient(name, options);
  return httpProvider({
    provider: name,
    vendor: 'anthropic',
    ...connection,
    dialect: anthropicMessages(),
    limits,
    path: () => '/messages',
    embeddings: undefined,
  });
}

function withKey(name: string, options: AnthropicKeyOptions): Connection {
  checkFields(FACTORY, options, [...CONNECTION_FIELDS, 'client']);
  return connect(name, options, {
    factory: FACTORY,
    baseUrl: BASE_URL,
    keySource: { variables: ['ANTHROPIC_API_KEY'], required: true },
    authorize: (key) => ['x-api-key', key],
    headers: { 'anthropic-version': API_VERSION },
  });
}

function withClient(name: string, options: AnthropicClientOptions): Connection {
  checkFields(FACTORY, options, ['name', 'limits', 'client']);
  // The SDK's base URL ends before the version; ours ends with it.
  return { exchange: sdkExchange(name, checkSdkClient(FACTORY, '@anthropic-ai/sdk', options.client), '/v1'), credentials: undefined };
}

import { openaiChat } from '../dialects/openai-chat/dialect.js';
import { DEFAULT_QUIRKS, type ChatQuirks } from '../dialects/openai-chat/quirks.js';
import { ConfigError } from '../errors.js';
import type { ProviderAdapter } from '../types/adapter.js';
import { azureLocation, type AzureLocation, type AzureOptions } from './azure-location.js';
import { checkFields, checkPositive, valueOf, wrongOption } from './check-options.js';
import { bearer, checkAdapter, connect, CONNECTION_FIELDS, type AdapterOptions, type Connection, type ConnectionOptions } from './connection-options.js';
import { httpProvider } from './http-provider.js';
import { openaiEmbeddings } from './openai-embeddings.js';
import type { Preset } from './preset.js';
import { PRESETS, type PresetName } from './presets.js';
import { checkSdkClient, sdkExchange, type SdkClient } from './sdk-client.js';

export type { AdapterOptions, ChatQuirks, ConnectionOptions, PresetName, SdkClient };

interface Compatibility {
  /** A server we know: its base URL, its key's variable and its quirks. @default none: `name` and `baseUrl` say where */
  readonly preset?: PresetName | undefined;
  /** Where the server differs from OpenAI. Laid over the preset's. @default none */
  readonly quirks?: Partial<ChatQuirks> | undefined;
  /** Inputs that one embeddings request may hold; more are split. @default the preset's, or 2048 */
  readonly maxEmbeddingInputs?: number | undefined;
}

export interface CompatibleKeyOptions extends ConnectionOptions, Compatibility, AzureOptions {
  readonly client?: undefined;
}

export interface CompatibleClientOptions extends AdapterOptions, Compatibility {
  /** An `OpenAI` or `AzureOpenAI` of the package `openai`, set up for that server. Its retries are switched off. */
  readonly client: SdkClient;
}

/** With a preset, or with a name and a base URL; with a key, with a client, or (servers of one's own) with neither. */
export type CompatibleOptions = CompatibleKeyOptions | CompatibleClientOptions;

const FACTORY = 'openaiCompatible';
const COMPATIBILITY_FIELDS = ['preset', 'quirks', 'maxEmbeddingInputs'] as const;
const MAX_EMBEDDING_INPUTS = 2048;

/**
 * Any server that speaks OpenAI's chat protocol: chat, streams and, where it has them, embeddings.
 *
 * ```ts
 * openaiCompatible({ preset: 'groq' });
 * openaiCompatible({ name: 'inhouse', baseUrl: 'https://llm.example.com/v1', quirks: { maxTokensField: 'max_tokens' } });
 * openaiCompatible({ preset: 'azure', resource: 'my-resource' });
 * ```
 *
 * Throws ConfigError for an option that is wrong or missing.
 */
export function openaiCompatible(options: CompatibleOptions): ProviderAdapter {
  checkFields(FACTORY, options, [...CONNECTION_FIELDS, 'client', ...COMPATIBILITY_FIELDS, 'resource', 'apiVersion']);
  const preset = presetOf(options.preset);
  const vendor: string = options.preset ?? options.name ?? '';
  if (vendor === '') throw new ConfigError(`${FACTORY}(): name: nothing came, wanted a name, or a preset (${Object.keys(PRESETS).join(', ')})`);
  const { name, limits } = checkAdapter(FACTORY, options, vendor);
  const location = locationOf(options);
  const connection = options.client === undefined ? withKey(name, options, preset, location) : withClient(name, options);
  const maxInputs = maxInputsOf(options, preset);
  return httpProvider({
    provider: name,
    vendor,
    ...connection,
    dialect: openaiChat({ ...preset?.quirks, ...checkQuirks(options.quirks) }),
    limits,
    path: location.path('/chat/completions'),
    embeddings: maxInputs === undefined ? undefined : openaiEmbeddings({ maxInputs, path: location.path('/embeddings') }),
  });
}

function withKey(name: string, options: CompatibleKeyOptions, preset: Preset | undefined, location: AzureLocation): Connection {
  return connect(name, { ...options, baseUrl: location.baseUrl }, {
    factory: FACTORY,
    baseUrl: preset?.baseUrl,
    keySource: { variables: preset?.variables ?? [], required: preset !== undefined && preset.keyRequired !== false },
    authorize: preset?.auth === 'api-key' ? (key) => ['api-key', key] : bearer,
    headers: {},
  });
}

function withClient(name: string, options: CompatibleClientOptions): Connection {
  checkFields(FACTORY, options, ['name', 'limits', 'client', ...COMPATIBILITY_FIELDS]);
  return { exchange: sdkExchange(name, checkSdkClient(FACTORY, 'openai', options.client), ''), credentials: undefined };
}

function locationOf(options: CompatibleOptions): AzureLocation {
  // An AzureOpenAI client writes the deployment and the version into its URLs itself.
  if (options.client !== undefined) return { baseUrl: undefined, path: (endpoint) => () => endpoint };
  if (options.preset === 'azure') return azureLocation(FACTORY, options);
  for (const field of ['resource', 'apiVersion'] as const) {
    if (options[field] !== undefined) throw wrongOption(FACTORY, field, valueOf(options[field]), "it only with preset: 'azure'");
  }
  return { baseUrl: options.baseUrl, path: (endpoint) => () => endpoint };
}

function presetOf(name: unknown): Preset | undefined {
  if (name === undefined) return undefined;
  if (typeof name === 'string' && Object.hasOwn(PRESETS, name)) return PRESETS[name as PresetName]; // the line before has seen that it is one
  throw wrongOption(FACTORY, 'preset', valueOf(name), `one of ${Object.keys(PRESETS).join(', ')}`);
}

function checkQuirks(quirks: unknown): Partial<ChatQuirks> {
  if (quirks === undefined) return {};
  checkFields(`${FACTORY}(): quirks`, quirks, Object.keys(DEFAULT_QUIRKS));
  return quirks as Partial<ChatQuirks>; // an object of known fields; the dialect's types say what each may hold
}

function maxInputsOf(options: Compatibility, preset: Preset | undefined): number | undefined {
  if (options.maxEmbeddingInputs !== undefined) return Math.ceil(checkPositive(FACTORY, 'maxEmbeddingInputs', options.maxEmbeddingInputs));
  return preset?.embeddings === 'none' ? undefined : (preset?.embeddings ?? MAX_EMBEDDING_INPUTS);
}

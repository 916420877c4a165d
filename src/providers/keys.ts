import { ConfigError, RejectedError } from '../errors.js';
import { kindOf, wrongOption } from './check-options.js';
import { checkApiKey, readApiKey, type ApiKey } from './secret.js';

export interface KeyOptions {
  /** The key, or a function that gives one for each request. @default the vendor's environment variable */
  readonly apiKey?: ApiKey | undefined;
  /** Several keys by name, in the order to try them. A call chooses one by `credential`; without a choice the first is used. */
  readonly apiKeys?: Readonly<Record<string, ApiKey>> | undefined;
}

/** The keys of one adapter. They live in a closure: no inspection of any public object reaches them. */
export interface Keys {
  /** Only with `apiKeys`. */
  readonly names: readonly string[] | undefined;
  /** False when requests go out without a key. */
  readonly any: boolean;
  /** The key for one request; undefined when there is none to send. */
  read(credential: string | undefined): Promise<string | undefined>;
}

/** Where a key may come from beside the options. */
export interface KeySource {
  /** Tried in order, read once, when the adapter is made. */
  readonly variables: readonly string[];
  /** False for servers that ask for no key. */
  readonly required: boolean;
}

/** Reads and checks the key options. A missing key is a ConfigError that names the option and the variable. */
export function keysOf(factory: string, provider: string, options: KeyOptions, source: KeySource): Keys {
  if (options.apiKey !== undefined && options.apiKeys !== undefined) throw wrongOption(factory, 'apiKeys', 'both apiKey and apiKeys', 'one of them');
  if (options.apiKeys !== undefined) return namedKeys(factory, provider, options.apiKeys);
  const key = options.apiKey === undefined ? fromEnvironment(factory, source.variables) : checkApiKey(factory, 'apiKey', options.apiKey);
  if (key === undefined && source.required) {
    throw new ConfigError(`${factory}(): apiKey: nothing came${source.variables.length > 0 ? ` and ${source.variables.join(' or ')} is not set; pass apiKey, apiKeys or client, or set the variable` : '; pass apiKey or apiKeys'}`);
  }
  return {
    names: undefined,
    any: key !== undefined,
    async read(credential) {
      if (credential !== undefined) throw unknownCredential(provider, credential, []);
      return key === undefined ? undefined : readApiKey(provider, key);
    },
  };
}

function namedKeys(factory: string, provider: string, apiKeys: unknown): Keys {
  if (typeof apiKeys !== 'object' || apiKeys === null || Array.isArray(apiKeys)) throw wrongOption(factory, 'apiKeys', kindOf(apiKeys), 'an object of keys by name');
  const keys = new Map(Object.entries(apiKeys).map(([name, key]) => [name, checkApiKey(factory, `apiKeys.${name}`, key)] as const));
  const names = [...keys.keys()];
  const [first] = names;
  if (first === undefined) throw wrongOption(factory, 'apiKeys', 'an empty object', 'at least one key');
  return {
    names,
    any: true,
    async read(credential = first) {
      const key = keys.get(credential);
      if (key === undefined) throw unknownCredential(provider, credential, names);
      return readApiKey(provider, key);
    },
  };
}

function fromEnvironment(factory: string, variables: readonly string[]): ApiKey | undefined {
  // Edge runtimes have no process.
  const environment = typeof process === 'undefined' ? undefined : process.env;
  const variable = variables.find((name) => (environment?.[name] ?? '') !== '');
  return variable === undefined ? undefined : checkApiKey(factory, variable, environment?.[variable]);
}

function unknownCredential(provider: string, credential: string, names: readonly string[]): RejectedError {
  return new RejectedError('invalid_request', `credential: ${provider} has no key named ${JSON.stringify(credential)}; ${names.length > 0 ? `it has ${names.join(', ')}` : 'give it named keys with apiKeys'}`);
}

import { checkHeaders } from '../transport/headers.js';
import type { BodyLimits } from '../transport/transport.js';
import { checkBaseUrl } from './base-url.js';
import { checkFields, checkName, checkPositive, kindOf, wrongOption } from './check-options.js';
import type { Exchange } from './exchange.js';
import { httpExchange, type HttpExchangeOptions } from './http-exchange.js';
import { keysOf, type KeyOptions, type KeySource } from './keys.js';

/** What every adapter takes, with a key or with a client. */
export interface AdapterOptions {
  /** What callers write before the slash. @default the vendor's name */
  readonly name?: string | undefined;
  /** Size caps in bytes, each with a typed error. @default 8 MiB for an event, 64 MiB for a whole answer */
  readonly limits?: Partial<BodyLimits> | undefined;
}

/** What every adapter that sends with a key takes. */
export interface ConnectionOptions extends AdapterOptions, KeyOptions {
  /** Where the API is: `https`, or `http` to this machine. @default the vendor's own */
  readonly baseUrl?: string | undefined;
  /** Allows an `http` base URL of another machine: prompts and keys travel readable there. @default false */
  readonly allowHttp?: boolean | undefined;
  /** For every request. The key does not go here. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** For edge runtimes, proxies and tests, in place of our own connections. @default Node's own HTTP */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Until the connection stands, in milliseconds; not with `fetch`. @default 5000 */
  readonly connectTimeoutMs?: number | undefined;
}

/** The field names of ConnectionOptions, for checkFields. */
export const CONNECTION_FIELDS = ['name', 'limits', 'apiKey', 'apiKeys', 'baseUrl', 'allowHttp', 'headers', 'fetch', 'connectTimeoutMs'] as const;

const DEFAULT_LIMITS: BodyLimits = { maxEventBytes: 8 * 1024 * 1024, maxBodyBytes: 64 * 1024 * 1024 };

/** What differs between vendors. */
export interface VendorConnection {
  /** The factory's name, for its errors. */
  readonly factory: string;
  readonly baseUrl: string | undefined;
  readonly keySource: KeySource;
  readonly authorize: HttpExchangeOptions['authorize'];
  /** The vendor's own, under those of `options.headers`. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface Connection {
  readonly exchange: Exchange;
  readonly credentials: readonly string[] | undefined;
}

/** Checks the options of a keyed adapter and gives its way to send. */
export function connect(provider: string, options: ConnectionOptions, vendor: VendorConnection): Connection {
  const { factory, authorize } = vendor;
  const baseUrl = checkBaseUrl(factory, options.baseUrl ?? vendor.baseUrl, options.allowHttp);
  const keys = keysOf(factory, provider, options, vendor.keySource);
  const headers = { ...vendor.headers, ...ownHeaders(factory, options.headers) };
  const [authHeader] = authorize('');
  if (keys.any && Object.hasOwn(headers, authHeader)) throw wrongOption(factory, `headers.${authHeader}`, 'a header that carries the key', 'the key in apiKey alone');
  const connectTimeoutMs = options.connectTimeoutMs === undefined ? undefined : checkPositive(factory, 'connectTimeoutMs', options.connectTimeoutMs);
  const { fetch } = options;
  if (fetch !== undefined && typeof fetch !== 'function') throw wrongOption(factory, 'fetch', kindOf(fetch), 'a function like the global fetch');
  return { exchange: httpExchange({ provider, baseUrl, headers, keys, authorize, fetch, connectTimeoutMs }), credentials: keys.names };
}

/** The name and the caps, checked. */
export function checkAdapter(factory: string, options: AdapterOptions, defaultName: string): { readonly name: string; readonly limits: BodyLimits } {
  return { name: checkName(factory, options.name ?? defaultName), limits: checkLimits(factory, options.limits) };
}

function checkLimits(factory: string, limits: unknown): BodyLimits {
  if (limits === undefined) return DEFAULT_LIMITS;
  checkFields(factory, limits, ['maxEventBytes', 'maxBodyBytes']);
  const given = limits as Partial<Record<keyof BodyLimits, unknown>>; // checkFields has seen that it is an object
  const cap = (field: keyof BodyLimits): number => given[field] === undefined ? DEFAULT_LIMITS[field] : checkPositive(factory, `limits.${field}`, given[field]);
  return { maxEventBytes: cap('maxEventBytes'), maxBodyBytes: cap('maxBodyBytes') };
}

// What the body is, and what is read, is not for an option to say.
const OWN_HEADERS = ['content-type', 'accept'];

function ownHeaders(factory: string, headers: unknown): Readonly<Record<string, string>> {
  if (headers === undefined) return {};
  const checked = checkHeaders(headers, `${factory}(): headers`);
  const taken = OWN_HEADERS.find((name) => Object.hasOwn(checked, name));
  if (taken !== undefined) throw wrongOption(factory, `headers.${taken}`, 'a header that every request sets itself', 'it left out');
  return checked;
}

/** `authorization: Bearer …` */
export function bearer(key: string): readonly [string, string] {
  return ['authorization', `Bearer ${key}`];
}

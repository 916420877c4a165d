import type { ServerAddress } from '../types/adapter.js';

/** The host and port of a base URL, and nothing else of it: a path or a user name is no business of telemetry. */
export function serverOf(baseUrl: unknown): ServerAddress | undefined {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) return undefined;
  const { hostname, port, protocol } = new URL(baseUrl);
  if (hostname === '' || (protocol !== 'https:' && protocol !== 'http:')) return undefined;
  return { address: hostname, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port) };
}

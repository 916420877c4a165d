import { ConfigError, RejectedError } from '../errors.js';
import { loadConnections, type Connections, type OpenConnections } from './connections.js';
import { decodedAnswer } from './decoded-answer.js';
import type { Transport, WireRequest } from './transport.js';
import { exchange } from './undici-exchange.js';

export interface HttpTransportOptions {
  /** Until the connection stands, TLS included, in milliseconds. Checked about twice a second. @default 5000 */
  readonly connectTimeoutMs?: number;
  /** How long an idle socket is kept for the next request, in milliseconds, when the server does not say. @default 4000 */
  readonly keepAliveMs?: number;
  /** Certificate authorities to trust instead of Node's own, as PEM. @default Node's own and NODE_EXTRA_CA_CERTS */
  readonly ca?: string | readonly string[];
}

interface Destination {
  readonly url: string;
  readonly connections: Connections;
  readonly path: string;
}

/**
 * Node's way out: HTTP/1.1 over kept-alive sockets, through undici's Client, which is loaded with the first request.
 *
 * Follows no redirect, asks for no compression, uses no proxy (pass a `fetch` for that). A socket that waits for work
 * keeps no process alive. Ten minutes without an answer is `first_content_timeout`, and without a byte of it
 * `idle_timeout`, where nobody asked for less, or for more patience.
 */
export function httpTransport(options: HttpTransportOptions = {}): Transport {
  const settings = {
    connectTimeoutMs: milliseconds('connectTimeoutMs', options.connectTimeoutMs, 5_000),
    keepAliveMs: milliseconds('keepAliveMs', options.keepAliveMs, 4_000),
    ca: options.ca,
  };
  const origins = new Map<string, Connections>();
  let loading: Promise<OpenConnections> | undefined;
  let openConnections: OpenConnections | undefined;
  let closed = false;

  /** The last one: most adapters have one URL, and reading it anew for each request would cost a microsecond. */
  let known: Destination | undefined;

  function destinationOf(request: WireRequest, open: OpenConnections): Destination {
    if (known?.url === request.url) return known;
    const { origin, pathname, search } = urlOf(request);
    let connections = origins.get(origin);
    if (connections === undefined) {
      connections = open(origin);
      origins.set(origin, connections);
    }
    return (known = { url: request.url, connections, path: pathname + search });
  }

  return {
    async send(request) {
      openConnections ??= await (loading ??= loadConnections(settings));
      if (closed) throw new RejectedError('closed', `${request.provider}: this transport is closed`);
      request.signal.throwIfAborted();
      const { connections, path } = destinationOf(request, openConnections);
      const answer = await exchange(request, connections.take(), path);
      const encoding = answer.headers['content-encoding'];
      return encoding === undefined ? answer : decodedAnswer(answer, encoding, request);
    },
    async close() {
      closed = true;
      for (const connections of origins.values()) connections.close();
      origins.clear();
    },
  };
}

function urlOf(request: WireRequest): URL {
  let url: URL;
  try {
    url = new URL(request.url);
  } catch {
    throw new RejectedError('invalid_request', `${request.provider}: the URL of this request is not valid; check baseUrl and the model name`);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new RejectedError('invalid_request', `${request.provider}: the URL of this request is neither http nor https; check baseUrl`);
  return url;
}

function milliseconds(field: string, value: unknown, ifAbsent: number): number {
  if (value === undefined) return ifAbsent;
  // 2^31 - 1: beyond it Node's timers fire at once.
  if (typeof value !== 'number' || !(value >= 1 && value <= 2_147_483_647)) {
    throw new ConfigError(`httpTransport(): ${field}: ${typeof value === 'number' ? value : typeof value} came; give a number of milliseconds from 1 to 2147483647`);
  }
  return value;
}

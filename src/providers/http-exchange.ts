import { RejectedError } from '../errors.js';
import { fetchTransport } from '../transport/fetch-transport.js';
import { httpTransport } from '../transport/http-transport.js';
import type { Transport } from '../transport/transport.js';
import type { JsonObject } from '../types/json.js';
import type { Exchange } from './exchange.js';
import type { Keys } from './keys.js';
import { serverOf } from './server-of.js';

export interface HttpExchangeOptions {
  readonly provider: string;
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** For every request; lower-case names, checked. */
  readonly headers: Readonly<Record<string, string>>;
  readonly keys: Keys;
  /** The header that carries the key. */
  readonly authorize: (key: string) => readonly [name: string, value: string];
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly connectTimeoutMs: number | undefined;
}

/** Sends with a key, over a transport of its own that is made with the first request. */
export function httpExchange(options: HttpExchangeOptions): Exchange {
  const { provider, baseUrl, keys } = options;
  // Some edges refuse requests that do not say who asks.
  const common = { 'user-agent': 'headgate', ...options.headers };
  let transport: Transport | undefined;
  let closed = false;

  function open(): Transport {
    const { fetch, connectTimeoutMs } = options;
    return fetch === undefined ? httpTransport(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }) : fetchTransport(fetch);
  }

  return {
    server: serverOf(baseUrl),
    async send(call) {
      if (closed) throw new RejectedError('closed', `${provider}: this adapter is closed; make a new one`);
      const body = written(call.body);
      const key = await keys.read(call.credential);
      call.signal.throwIfAborted(); // a key that took its time may have outlived the call
      const headers: Record<string, string> = { ...common, ...call.headers };
      headers['accept'] = call.streaming ? 'text/event-stream' : 'application/json';
      headers['content-type'] = 'application/json';
      if (key !== undefined) {
        const [name, value] = options.authorize(key);
        headers[name] = value;
      }
      transport ??= open();
      return transport.send({
        provider,
        method: 'POST',
        url: baseUrl + call.path,
        headers,
        body,
        signal: call.signal,
        patienceMs: call.patienceMs,
        sent: call.sent,
      });
    },
    async close() {
      closed = true;
      await transport?.close();
    },
  };
}

function written(body: JsonObject): string {
  try {
    return JSON.stringify(body);
  } catch {
    // Types cannot keep a bigint or a circle out of a tool's schema or an option.
    throw new RejectedError('invalid_request', 'the request cannot be written as JSON: it holds a bigint or refers to itself');
  }
}

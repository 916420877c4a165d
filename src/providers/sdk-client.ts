import { answerOf } from '../transport/fetch-transport.js';
import { kindOf, wrongOption } from './check-options.js';
import type { Exchange } from './exchange.js';
import { followSignal } from './follow-signal.js';
import { answerInError, failureOfClient } from './sdk-failure.js';
import { serverOf } from './server-of.js';
import { whileOpen } from './while-open.js';

/**
 * What is used of the clients of `openai` and `@anthropic-ai/sdk`, and of those built on them (Azure, Bedrock, Vertex).
 * Their `post` signs, chooses the host and goes through their proxies; reading the answer is ours.
 */
export interface SdkClient {
  post(path: string, options: SdkRequest): { asResponse(): Promise<Response> };
}

interface SdkRequest {
  readonly body: Record<string, unknown>;
  readonly headers: Record<string, string>;
  readonly signal: AbortSignal;
  readonly maxRetries: 0;
  readonly stream: boolean;
  readonly fetchOptions: { readonly redirect: 'manual' };
}

// A redirect would carry the prompt to a place nobody configured.
const NO_REDIRECT = { redirect: 'manual' } as const;

/** Checks the shape of a client. The error never prints it: it holds the key. */
export function checkSdkClient(factory: string, packageName: string, client: unknown): SdkClient {
  const isObject = typeof client === 'object' && client !== null;
  if (isObject && typeof Reflect.get(client, 'post') === 'function') return client as SdkClient; // its one method has just been seen
  throw wrongOption(factory, 'client', isObject ? 'an object without post()' : kindOf(client), `a client of ${packageName}`);
}

/**
 * Sends through a vendor's client: one request per attempt, none of its retries and waits, and the raw answer instead
 * of its streams, which end quietly when they are cut.
 */
export function sdkExchange(provider: string, client: SdkClient, prefix: string): Exchange {
  return {
    server: serverOf(Reflect.get(client, 'baseURL')),
    async send(call) {
      const following = followSignal(call.signal);
      try {
        const answering = client
          .post(prefix + call.path, {
            body: { ...call.body },
            headers: { ...call.headers },
            signal: following.signal,
            maxRetries: 0,
            stream: call.streaming,
            fetchOptions: NO_REDIRECT,
          })
          .asResponse();
        call.sent();
        return whileOpen(answerOf(await answering, { provider, signal: call.signal }), following);
      } catch (error) {
        following.stop();
        call.signal.throwIfAborted();
        const answer = answerInError(error);
        if (answer === undefined) throw failureOfClient(error, provider);
        return answer;
      }
    },
    async close() {}, // the client belongs to whoever made it
  };
}

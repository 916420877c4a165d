import { malformed } from '../dialects/failure.js';
import { ConfigError } from '../errors.js';
import { toProviderError } from '../transport/failures.js';
import type { WireAnswer } from '../transport/transport.js';
import type { Exchange, WireCall } from './exchange.js';
import { followSignal, type Following } from './follow-signal.js';
import { streamedAnswer, wholeAnswer } from './made-answer.js';
import { whileOpen } from './while-open.js';

/** What is used of a `GoogleGenerativeAI` of `@google/generative-ai`. */
export interface GenerativeAiClient {
  getGenerativeModel(parameters: { readonly model: string }, options?: { readonly baseUrl?: string; readonly apiVersion?: string }): GenerativeAiModel;
}

interface GenerativeAiModel {
  generateContent(request: unknown, options: RequestOptions): Promise<{ readonly response: unknown }>;
  generateContentStream(request: unknown, options: RequestOptions): Promise<{ readonly stream: AsyncIterable<unknown>; readonly response: Promise<unknown> }>;
  batchEmbedContents(request: unknown, options: RequestOptions): Promise<unknown>;
}

// No `timeout`: the client would leave a timer of that length behind for every call.
interface RequestOptions {
  readonly signal: AbortSignal;
  readonly customHeaders: Record<string, string>;
}

/**
 * Sends through `@google/generative-ai`. The client gives parsed chunks and no headers, and loses what an error says
 * beside its status, message and details. Its faults are kept in: a rejected side promise that nobody awaits would end
 * the process, leaving a loop leaves the socket open, and a signal that has already fired does not stop the request.
 */
export function generativeAiExchange(provider: string, client: GenerativeAiClient, location: { readonly baseUrl: string; readonly apiVersion: string } | undefined): Exchange {
  async function answer(call: WireCall, following: Following): Promise<WireAnswer> {
    const model = client.getGenerativeModel({ model: call.model }, location);
    const options: RequestOptions = { signal: following.signal, customHeaders: { ...call.headers } };
    const request = { ...call.body }; // the client writes into what it is given
    if (call.operation === 'embed') {
      const embedding = model.batchEmbedContents(request, options);
      call.sent();
      return wholeAnswer(200, {}, await embedding);
    }
    if (!call.streaming) {
      const generating = model.generateContent(request, options);
      call.sent();
      return wholeAnswer(200, {}, (await generating).response);
    }
    const opening = model.generateContentStream(request, options);
    call.sent();
    const { stream, response } = await opening;
    response.catch(() => {}); // fails whenever the stream does, which is told there
    return streamedAnswer(stream[Symbol.asyncIterator](), { provider, headers: {}, signal: call.signal, close: () => following.abort() });
  }

  return {
    async send(call) {
      call.signal.throwIfAborted();
      const following = followSignal(call.signal);
      try {
        return whileOpen(await answer(call, following), following);
      } catch (error) {
        following.stop();
        call.signal.throwIfAborted();
        const failed = answerInError(error);
        if (failed !== undefined) return failed;
        if (error instanceof SyntaxError) throw malformed(provider, 'an answer that is not JSON');
        throw toProviderError(error, { provider, phase: 'connect', sent: true });
      }
    },
    async close() {}, // the client belongs to whoever made it
  };
}

/** Where this client shall send, in its own two parts. It is the one client that does not know that itself. */
export function locationOf(factory: string, baseUrl: string): { readonly baseUrl: string; readonly apiVersion: string } {
  const { origin, pathname } = new URL(baseUrl);
  const parts = pathname.split('/');
  const apiVersion = parts.pop();
  if (apiVersion === undefined || apiVersion === '') throw new ConfigError(`${factory}(): baseUrl: a URL without a path came, wanted one that ends with the API version, like https://host/v1beta`);
  return { baseUrl: origin + parts.join('/'), apiVersion };
}

function answerInError(error: unknown): WireAnswer | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status, errorDetails: details } = error as { readonly status?: unknown; readonly errorDetails?: unknown };
  if (typeof status !== 'number') return undefined;
  // The message begins with the URL, which is ours to keep: only what follows the bracketed status is the provider's.
  const message = /: \[\d{3} [^\]]*\] ([^]*)$/.exec(error.message)?.[1] ?? '';
  return wholeAnswer(status, {}, { error: { code: status, message, ...(Array.isArray(details) && { details }) } });
}

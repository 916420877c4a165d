import { malformed } from '../dialects/failure.js';
import { ProviderError } from '../errors.js';
import { answerOf } from '../transport/fetch-transport.js';
import type { WireAnswer } from '../transport/transport.js';
import type { JsonObject } from '../types/json.js';
import type { Exchange, WireCall } from './exchange.js';
import { followSignal, type Following } from './follow-signal.js';
import { isRecord } from './is-record.js';
import { streamedAnswer, wholeAnswer } from './made-answer.js';
import { failureOfClient } from './sdk-failure.js';
import { whileOpen } from './while-open.js';

/** What is used of a `GoogleGenAI` of `@google/genai`. */
export interface GenAiClient {
  readonly vertexai?: boolean;
  readonly models: {
    generateContent(parameters: unknown): Promise<unknown>;
    generateContentStream(parameters: unknown): Promise<AsyncIterable<unknown>>;
    embedContent(parameters: unknown): Promise<unknown>;
  };
}

type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>;

/**
 * Sends through `@google/genai`. Versions that take a `fetch` per request (2.28 does) build the request (host, project,
 * credentials); its body is ours and its answer is read raw, so nothing is lost. Older versions ignore that `fetch`:
 * the body goes in as `extraBody` and the parsed chunks come out, without what the client does not know of.
 */
export function genAiExchange(provider: string, client: GenAiClient): Exchange {
  async function answer(call: WireCall, following: Following): Promise<WireAnswer> {
    const capture = captureAnswer(call.body, ownFetch(client), following.signal);
    const parameters = parametersOf(call, capture.fetch, following.signal);
    const asking = ask(client, call, parameters);
    call.sent();
    const parsed = await asking;
    const raw = capture.answer();
    if (raw !== undefined) return answerOf(await raw, { provider, signal: call.signal });
    if (call.operation === 'chat' && call.streaming) {
      // Sound: only generateContentStream was asked, and it gives an iterable.
      const chunks = chunksOf((parsed as AsyncIterable<unknown>)[Symbol.asyncIterator]());
      return streamedAnswer(chunks, { provider, headers: {}, signal: call.signal, close: () => following.abort() });
    }
    return wholeAnswer(200, headersIn(parsed), withoutHeaders(parsed));
  }

  return {
    async send(call) {
      call.signal.throwIfAborted();
      if (call.operation === 'embed' && client.vertexai === true) {
        throw new ProviderError('unsupported', `${provider}: embedding through a Vertex AI client is not supported; use a client of the Gemini API, or a key`, { certainty: 'not_sent' });
      }
      const following = followSignal(call.signal);
      try {
        return whileOpen(await answer(call, following), following);
      } catch (error) {
        following.stop();
        call.signal.throwIfAborted();
        const failed = errorBody(error);
        if (failed !== undefined) return wholeAnswer(failed.status, {}, failed.body);
        if (error instanceof SyntaxError) throw malformed(provider, 'an answer that is not JSON');
        throw failureOfClient(error, provider);
      }
    },
    async close() {}, // the client belongs to whoever made it
  };
}

function ask({ models }: GenAiClient, call: WireCall, parameters: unknown): Promise<unknown> {
  if (call.operation === 'embed') return models.embedContent(parameters);
  return call.streaming ? models.generateContentStream(parameters) : models.generateContent(parameters);
}

function parametersOf(call: WireCall, fetch: Fetch, signal: AbortSignal): unknown {
  return {
    model: call.model,
    contents: '-', // asked for by the client; ours, in the body, replaces it
    config: {
      abortSignal: signal,
      httpOptions: { fetch, extraBody: call.body, headers: { ...call.headers }, retryOptions: { attempts: 1 } },
      // One request per attempt: both would send more of their own accord.
      automaticFunctionCalling: { disable: true },
      automaticContinuation: false,
    },
  };
}

/** A `fetch` that sends our body, keeps the answer for us, and gives the client an empty one, so that it neither reads nor retries. */
function captureAnswer(body: JsonObject, fetch: Fetch, signal: AbortSignal): { readonly fetch: Fetch; readonly answer: () => Promise<Response> | undefined } {
  let captured: Promise<Response> | undefined;
  return {
    async fetch(input, init) {
      captured = fetch(input, { ...init, body: JSON.stringify(body), signal, redirect: 'manual' });
      await captured.catch(() => {}); // told to whoever awaits the answer
      return new Response('{}', { headers: { 'content-type': 'application/json' } });
    },
    answer: () => captured,
  };
}

/** The `fetch` the client was made with, a proxy's for example. */
function ownFetch(client: GenAiClient): Fetch {
  const options: unknown = Reflect.get(client, 'httpOptions');
  const own = isRecord(options) ? options['fetch'] : undefined;
  return typeof own === 'function' ? (own as Fetch) : (input, init) => globalThis.fetch(input, init);
}

/** An error inside the stream is thrown by the client; here it becomes an event again, for the dialect to judge. */
async function* chunksOf(chunks: AsyncIterator<unknown>): AsyncGenerator<unknown> {
  try {
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield withoutHeaders(next.value);
  } catch (error) {
    const failed = errorBody(error);
    if (failed === undefined) throw error;
    yield failed.body;
  }
}

/** An ApiError carries the whole error body as the text of its message. */
function errorBody(error: unknown): { readonly status: number; readonly body: unknown } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { status } = error as { readonly status?: unknown };
  if (typeof status !== 'number') return undefined;
  try {
    return { status, body: JSON.parse(error.message) as unknown };
  } catch {
    return { status, body: { error: { code: status, message: error.message } } };
  }
}

function headersIn(parsed: unknown): Readonly<Record<string, string>> {
  const http = isRecord(parsed) ? parsed['sdkHttpResponse'] : undefined;
  const headers = isRecord(http) ? http['headers'] : undefined;
  if (!isRecord(headers)) return {};
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name.toLowerCase(), value]] : [])));
}

function withoutHeaders(parsed: unknown): unknown {
  if (!isRecord(parsed)) return parsed;
  const { sdkHttpResponse: _headers, ...body } = parsed;
  return body;
}

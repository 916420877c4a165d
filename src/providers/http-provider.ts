import type { OutboundDialect, Scope } from '../dialects/dialect.js';
import { factsOf } from '../dialects/failure.js';
import { isGatewayError, ProviderError, RejectedError } from '../errors.js';
import { readEvents } from '../transport/event-stream.js';
import { redirectError } from '../transport/failures.js';
import type { BodyLimits, WireAnswer } from '../transport/transport.js';
import type { AdapterContext, AdapterEvent, EagerIterator, ProviderAdapter } from '../types/adapter.js';
import type { ChatRequest } from '../types/chat.js';
import { embedInBatches, type EmbeddingWire } from './embed.js';
import type { Exchange, WireCall } from './exchange.js';
import { failedAnswer } from './failed-answer.js';
import { foreignAnswer, isJson, mediaTypeOf } from './media-type.js';
import { lazyEvents } from './lazy-events.js';
import { readJson, wholeAsEvents } from './whole-answer.js';

/** What makes a provider: a name, a protocol, and a way to send. */
export interface ProviderParts extends Scope {
  readonly credentials: readonly string[] | undefined;
  readonly dialect: OutboundDialect;
  readonly exchange: Exchange;
  readonly limits: BodyLimits;
  /** The chat endpoint, below the base URL. */
  readonly path: (model: string, streaming: boolean) => string;
  /** Absent: the provider embeds nothing. */
  readonly embeddings: EmbeddingWire | undefined;
}

type Ask = Pick<WireCall, 'operation' | 'path' | 'streaming' | 'body'>;

/** The adapter every factory gives: it reads, fails and closes in one way, whatever the protocol and the way to send. */
export function httpProvider({ provider, vendor, credentials, dialect, exchange, limits, path, embeddings }: ProviderParts): ProviderAdapter {
  const scope: Scope = { provider, vendor };

  async function send(ask: Ask, context: AdapterContext): Promise<WireAnswer> {
    const { model, credential, headers, signal, patienceMs, sent } = context;
    const answer = await exchange.send({ ...ask, model, credential, headers, signal, patienceMs, sent });
    const { status } = answer;
    context.answered(factsOf(status, answer.headers));
    if (status >= 200 && status < 300) return answer;
    if (status >= 400) throw await failedAnswer(answer, dialect, provider);
    answer.cancel();
    throw redirectError(provider, status);
  }

  function chatAsk(request: ChatRequest, { model, warn }: AdapterContext, streaming: boolean): Ask {
    const body = translated(provider, () => dialect.toRequest(request, { provider, vendor, model, warn, streaming }));
    return { operation: 'chat', path: path(model, streaming), streaming, body };
  }

  async function open(request: ChatRequest, context: AdapterContext): Promise<EagerIterator<AdapterEvent>> {
    const answer = await send(chatAsk(request, context, true), context);
    const mediaType = mediaTypeOf(answer);
    if (mediaType === 'text/event-stream' || mediaType === '') {
      return readEvents(answer, dialect.fromStream(scope), { provider, limits, signal: context.signal, alive: context.alive });
    }
    if (!isJson(mediaType)) throw foreignAnswer(answer, provider, 'an event stream');
    return wholeAsEvents(await readJson(answer, limits, provider), dialect, scope);
  }

  /** Sees to it that nothing but a GatewayError leaves, or the reason of the signal once that has fired. */
  async function guarded<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (isGatewayError(error)) throw error;
      throw new ProviderError('invalid_response', `${provider} sent an answer that could not be read`, { certainty: 'started', cause: error });
    }
  }

  return {
    name: provider,
    ...(credentials !== undefined && { credentials }),
    tellsSent: true,
    ...(exchange.server !== undefined && { server: exchange.server }),

    chat: (request, context) => guarded(context.signal, async () => {
      const answer = await send(chatAsk(request, context, false), context);
      return dialect.fromResponse(await readJson(answer, limits, provider), scope);
    }),

    stream: (request, context) => lazyEvents(() => guarded(context.signal, () => open(request, context))),

    ...(embeddings !== undefined && {
      embed: (request, context) => guarded(context.signal, () => {
        const wire = { ...embeddings, scope, model: context.model };
        return embedInBatches(request, wire, async (body, first) => {
          const ask: Ask = { operation: 'embed', path: embeddings.path(context.model), streaming: false, body };
          const answer = await send(ask, first ? context : { ...context, sent: alreadyTold });
          return readJson(answer, limits, provider);
        });
      }),
    } satisfies Pick<ProviderAdapter, 'embed'>),

    close: () => exchange.close(),
  };
}

/** A request of a shape that types exclude and JavaScript does not is refused before anything is sent. */
function translated<T>(provider: string, translate: () => T): T {
  try {
    return translate();
  } catch (error) {
    if (isGatewayError(error)) throw error;
    throw new RejectedError('invalid_request', `${provider}: the request could not be translated; check the shape of its messages, tools and options`, { cause: error });
  }
}

function alreadyTold(): void {
  // `sent` is said once for a call, with its first batch
}

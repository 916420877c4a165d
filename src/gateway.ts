import { answerCheckKey } from './core/answer-check.js';
import { createBackground } from './core/background.js';
import { checkCallOptions, isTimeout, MAX_TIMEOUT_MS } from './core/check-options.js';
import { checkChatRequest, checkEmbedRequest } from './core/check-request.js';
import { createChatStream } from './core/chat-stream.js';
import { createDispatch } from './core/dispatch.js';
import { checkInterceptors, type Interceptor, type Queries, type Stage } from './core/interceptor.js';
import { explained, openCall, reportNow, type OpenCall } from './core/open-call.js';
import type { OperationName, RequestOf } from './core/operation.js';
import type { CallOptions } from './core/options.js';
import { createPipelines } from './core/pipelines.js';
import { layerOf, layerOfAny, settle, type Reply, type ReplyOf } from './core/reply.js';
import { createResolver, type Models } from './core/route.js';
import { run } from './core/run.js';
import { prepare } from './core/structured.js';
import { createTrace, type Trace } from './core/trace.js';
import { createUnderWay } from './core/under-way.js';
import { wellFormed } from './core/well-formed.js';
import { toGatewayError } from './core/wrap-error.js';
import { ConfigError, RejectedError } from './errors.js';
import type { ProviderAdapter } from './types/adapter.js';
import type { ChatRequest, ChatResponse, TypedRequest, Warning } from './types/chat.js';
import type { EmbedRequest, EmbedResponse } from './types/embed.js';
import type { TargetHealth } from './types/health.js';
import type { Decision } from './types/report.js';
import type { GatewayStats } from './types/stats.js';
import type { LedgerQuery, LedgerTotal } from './types/store.js';
import type { ChatStream } from './types/stream.js';

export interface GatewayOptions {
  readonly providers: readonly ProviderAdapter[];
  /** Names callers may use instead of `provider/model`. A list is tried in order; a `Route` says more. @default none */
  readonly models?: Models;
  /** First is outermost. Lists within the list are flattened. Checked against each interceptor's `stage`. @default none */
  readonly interceptors?: readonly (Interceptor | readonly Interceptor[])[];
  /** Whole-call deadline over all retries and fallbacks, in milliseconds. @default undefined, none */
  readonly timeoutMs?: number;
  /** Receives work that outlives a response (cache writes, audit). For serverless runtimes. @default undefined */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** Sees every decision of every call as it is made. @default undefined */
  readonly onDecision?: (decision: Decision, callId: string) => void;
}

export interface CloseOptions {
  /** How long calls under way may go on, in milliseconds; after that they are cancelled. Background work gets as long again, and is left behind then. @default 10000 */
  readonly graceMs?: number;
}

export interface Gateway {
  /** One answer, validated. `object` is there unless the model is still calling tools (`finishReason: 'tool-calls'`). */
  chat<T>(request: TypedRequest<T>, options?: CallOptions): Promise<ChatResponse & { readonly object: T }>;
  chat(request: ChatRequest, options?: CallOptions): Promise<ChatResponse>;
  /** Lazy: nothing is sent, and nothing can fail, until the stream is read or opened. */
  stream(request: ChatRequest | TypedRequest<unknown>, options?: CallOptions): ChatStream;
  embed(request: EmbedRequest, options?: CallOptions): Promise<EmbedResponse>;
  /** The adapter itself, past the pipeline: no limits, no ledger, no redaction. Throws ConfigError for a name that is not there. */
  provider(name: string): ProviderAdapter;
  /** How each target has been doing. Throws ConfigError without a fallback interceptor, which is who knows. */
  health(): readonly TargetHealth[];
  /** What was spent, by tag, provider, model, outcome, over time. Throws ConfigError without a ledger interceptor. */
  spend(query?: LedgerQuery): Promise<readonly LedgerTotal[]>;
  /** How calls went in the last while: counts, errors, cost, percentiles, by target and tag. Throws ConfigError without a stats interceptor. */
  stats(): GatewayStats;
  /** The effective pipeline, outermost first. */
  describe(): readonly { readonly name: string; readonly stage: Stage | undefined }[];
  /** Refuses new calls, lets those under way end, waits for background work, then closes interceptors and providers. Safe to call twice. */
  close(options?: CloseOptions): Promise<void>;
}

/** Composes providers and interceptors into one gateway. Throws ConfigError for a configuration that cannot work. */
export function createGateway(options: GatewayOptions): Gateway {
  const providers = readProviders(options.providers);
  const interceptors = (options.interceptors ?? []).flat() as readonly Interceptor[]; // one level deep, by its type
  checkInterceptors(interceptors);
  if (options.timeoutMs !== undefined && !isTimeout(options.timeoutMs)) throw new ConfigError(`timeoutMs: wanted milliseconds, 1 to ${MAX_TIMEOUT_MS}, got ${options.timeoutMs}`);
  const { routes, resolve } = createResolver(providers, options.models ?? {});
  for (const interceptor of interceptors) interceptor.check?.(routes);
  const pipelineFor = createPipelines(interceptors, createDispatch(providers));
  const background = createBackground(options.waitUntil);
  const underWay = createUnderWay();
  let closing: Promise<void> | undefined;

  function open(operation: OperationName, streaming: boolean, request: RequestOf<OperationName>, callOptions: CallOptions, trace: Trace): OpenCall {
    const route = resolve(request.model, callOptions.fallbacks);
    const opened = openCall({ operation, streaming, request, route, options: callOptions, timeoutMs: callOptions.timeoutMs ?? options.timeoutMs, trace }, background);
    underWay.add(opened);
    return opened;
  }

  function end(opened: OpenCall | undefined): void {
    if (opened === undefined) return;
    opened.end();
    underWay.delete(opened);
  }

  function begin(request: { readonly model?: unknown } | undefined): Trace {
    return createTrace(crypto.randomUUID(), typeof request?.model === 'string' ? request.model : '', options.onDecision);
  }

  function admit(callOptions: CallOptions): void {
    if (closing !== undefined) throw new RejectedError('closed', 'the gateway was closed; make a new one to send more calls');
    checkCallOptions(callOptions);
  }

  /** What was asked, checked and in its plain form, with what must be said of it. */
  function readChat(request: ChatRequest | TypedRequest<unknown>, callOptions: CallOptions, trace: Trace) {
    admit(callOptions);
    const prepared = prepare(request);
    checkChatRequest(prepared.request);
    const warnings: Warning[] = [];
    const plain = wellFormed(prepared.request, (warning) => {
      if (callOptions.strict === true) throw new RejectedError('invalid_request', `${warning.setting}: holds half a character (a lone surrogate); repair the text, or leave out 'strict'`);
      warnings.push(warning);
      trace.record('core', { what: 'warning', warning });
    });
    const finish = async (response: ChatResponse): Promise<ChatResponse> => {
      const warned = warnings.length === 0 ? response : { ...response, warnings: [...warnings, ...response.warnings] };
      const whole = prepared.finish === undefined ? warned : await prepared.finish(warned);
      return { ...whole, gateway: reportNow(trace) };
    };
    return { request: plain, finish, fits: prepared.fits };
  }

  async function chat(request: ChatRequest | TypedRequest<unknown>, callOptions: CallOptions = {}): Promise<ChatResponse> {
    const trace = begin(request);
    let opened: OpenCall | undefined;
    try {
      const asked = readChat(request, callOptions, trace);
      opened = open('chat', false, asked.request, callOptions, trace);
      if (asked.fits !== undefined) opened.call.locals.set(answerCheckKey, asked.fits);
      const reply = await run(pipelineFor(callOptions.without), opened.call);
      return await asked.finish(await settle(reply as ReplyOf<'chat'>)); // a chat call gets a chat reply
    } catch (error) {
      throw explained(error, trace);
    } finally {
      end(opened);
    }
  }

  async function embed(request: EmbedRequest, callOptions: CallOptions = {}): Promise<EmbedResponse> {
    const trace = begin(request);
    let opened: OpenCall | undefined;
    try {
      admit(callOptions);
      checkEmbedRequest(request);
      opened = open('embed', false, request, callOptions, trace);
      const reply = await run(pipelineFor(callOptions.without), opened.call);
      return { ...(await settle(reply as ReplyOf<'embed'>)), gateway: reportNow(trace) }; // an embed call gets an embed reply
    } catch (error) {
      throw explained(error, trace);
    } finally {
      end(opened);
    }
  }

  function stream(request: ChatRequest | TypedRequest<unknown>, callOptions: CallOptions = {}): ChatStream {
    const trace = begin(request);
    let opened: OpenCall | undefined;
    let finish: (response: ChatResponse) => ChatResponse | Promise<ChatResponse> = (response) => response;

    async function start(): Promise<ReplyOf<'chat'>> {
      const asked = readChat(request, callOptions, trace);
      finish = asked.finish;
      const started = (opened = open('chat', true, asked.request, callOptions, trace));
      if (asked.fits !== undefined) started.call.locals.set(answerCheckKey, asked.fits);
      try {
        const reply: Reply = await run(pipelineFor(callOptions.without), started.call);
        layerOfAny(reply).watch(() => end(started)); // outermost, so told last
        return layerOf(reply as ReplyOf<'chat'>); // a chat call gets a chat reply
      } catch (error) {
        end(started);
        throw error;
      }
    }

    return createChatStream({
      start: interceptors.reduce((work, interceptor) => interceptor.bind?.(work) ?? work, start),
      abort: (reason) => opened?.abort(reason),
      report: () => reportNow(trace),
      finish: (response) => finish(response),
      explain: (error) => explained(error, trace),
    });
  }

  /** The outermost that can answer does. */
  function answerOf<Q extends keyof Queries>(query: Q, whose: string): Queries[Q] {
    for (const { queries } of interceptors) {
      const answer = queries?.[query];
      if (answer !== undefined) return answer;
    }
    throw new ConfigError(`${query}: no interceptor here knows it; add ${whose} to interceptors`);
  }

  async function shutDown(graceMs: number): Promise<void> {
    await underWay.drain(graceMs);
    await background.drain(graceMs);
    // All of them, even when one fails; then the first failure is told.
    const closed = await Promise.allSettled([...interceptors, ...providers.values()].map(async (part) => part.close?.()));
    const failed = closed.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw toGatewayError(failed.reason);
  }

  return {
    chat: chat as Gateway['chat'], // the overload adds the type of `object`, which `prepare` validated
    stream,
    embed,
    provider(name) {
      const adapter = providers.get(name);
      if (adapter === undefined) throw new ConfigError(`provider: there is none named '${name}'; known: ${[...providers.keys()].join(', ')}`);
      return adapter;
    },
    health: () => answerOf('health', 'fallback()')(),
    async spend(query = {}) {
      return answerOf('spend', 'ledger()')(query);
    },
    stats: () => answerOf('stats', 'stats()')(),
    describe: () => interceptors.map(({ name, stage }) => ({ name, stage })),
    close: ({ graceMs = 10_000 } = {}) => (closing ??= shutDown(graceMs)),
  };
}

function readProviders(list: readonly ProviderAdapter[]): ReadonlyMap<string, ProviderAdapter> {
  if (!Array.isArray(list) || list.length === 0) throw new ConfigError('providers: wanted a list of at least one, such as [openai()]');
  const providers = new Map<string, ProviderAdapter>();
  list.forEach((adapter: ProviderAdapter, at) => {
    if (typeof adapter?.name !== 'string' || adapter.name === '' || adapter.name.includes('/')) {
      throw new ConfigError(`providers[${at}].name: wanted a non-empty string without a slash`);
    }
    if (typeof adapter.chat !== 'function' && typeof adapter.stream !== 'function' && typeof adapter.embed !== 'function') {
      throw new ConfigError(`providers[${at}] (${adapter.name}): wanted at least one of chat, stream and embed`);
    }
    if (providers.has(adapter.name)) throw new ConfigError(`providers: two are named '${adapter.name}'; give one of them another name`);
    providers.set(adapter.name, adapter);
  });
  return providers;
}

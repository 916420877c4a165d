import { decodeEntry, encodeEntry, type Entry } from '../caching/entry.js';
import { makingOf, whyNotAsked, whyNotStored, type Making } from '../caching/eligibility.js';
import { checkedCacheOptions, type ExactCacheOptions } from '../caching/exact-cache-options.js';
import { createFlights, type Flight } from '../caching/flights.js';
import { generationKey, identityOf, type Identity } from '../caching/identity.js';
import { createRefreshes } from '../caching/refreshes.js';
import { createShelf } from '../caching/shelf.js';
import { answerCheckKey } from '../core/answer-check.js';
import type { Call } from '../core/call.js';
import { complete } from '../core/complete.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { OperationName, ResponseOf } from '../core/operation.js';
import type { Outcome, Reply } from '../core/reply.js';
import { ConfigError, RejectedError } from '../errors.js';
import type { ChatResponse } from '../types/chat.js';
import type { RejectedCode } from '../types/codes.js';
import type { CacheHit, CallReport } from '../types/report.js';
import type { Usage } from '../types/usage.js';

/** What to drop: one entry by its key, those of a scope by its value (`'shared'` where all share), or those of one of the tags in `invalidateBy` with a value. */
export type Invalidation = { readonly key: string } | { readonly scope: string } | { readonly tag: string; readonly value: string };

export interface ExactCache extends Interceptor {
  /**
   * When it resolves, nothing of it is handed out any more, in all processes that share the store; an answer that was under
   * way then is not either. (A single key is the exception: another process may store again what it had begun.)
   * Rejects with `store_unavailable`.
   */
  invalidate(what: Invalidation): Promise<void>;
  /** The key of the entry that a call got, made or looked for, for `invalidate`. Undefined when the cache was not asked. */
  keyOf(report: CallReport | undefined): string | undefined;
}

/**
 * Identical questions cost one call. Answers that came to a good end are kept, each within its scope, for whoever asks the
 * same; identical calls at the same time share one. A streamed answer serves a plain call, and the other way round.
 */
export function exactCache(options: ExactCacheOptions): ExactCache {
  const settings = checkedCacheOptions(NAME, options);
  const { namespace, scope, tags, ttlMs, staleWhileRevalidateMs } = settings;
  const shelf = createShelf(settings);
  const flights = createFlights();
  const refreshes = createRefreshes();

  async function intercept(call: Call, next: Next): Promise<Reply> {
    const why = whyNotAsked(call, settings);
    const asked = why === undefined ? identityOf(call, settings) : { why };
    if ('why' in asked) {
      bypass(call, asked.why);
      return next(call);
    }
    if (call.cache === 'refresh') {
      bypass(call, 'the call asks for a fresh answer');
      return lead(call, next, asked, await shelf.begin(call, asked, undefined));
    }
    const before = flights.peek(asked.key);
    let found = await shelf.read(call, asked);
    // An answer under way may have come, and been stored, while we looked.
    if (found.entry === undefined && before !== undefined && flights.peek(asked.key) !== before) found = await shelf.read(call, asked);
    if (found.unreadable === true) call.trace.record(NAME, { what: 'custom', name: 'unreadable-entry' });
    const { entry } = found;
    const ageMs = entry === undefined ? Infinity : Math.max(0, Date.now() - entry.createdAt);
    if (entry !== undefined && ageMs < ttlMs) return hit(call, asked, entry, { ageMs });
    if (entry !== undefined && ageMs < ttlMs + staleWhileRevalidateMs) {
      // Begun at its end, so that what the refresh does is not taken for a part of this call.
      return observe(
        call,
        async () => hit(call, asked, entry, { ageMs, stale: true }),
        () => refresh(call, next, asked, entry.generations),
      );
    }
    const generations = found.generations === undefined ? undefined : await shelf.begin(call, asked, found.generations);
    if (generations === undefined) bypass(call, 'its store cannot be reached');
    return follow(call, next, asked, generations);
  }

  /** With an identical call that is under way, or as the first of them. */
  async function follow(call: Call, next: Next, asked: Identity, generations: Flight['generations']): Promise<Reply> {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const flight = flights.find(asked.key, generations);
      if (flight === undefined) break;
      const entry = flight.text === undefined ? undefined : decodeEntry(flight.text, call.operation, asked.check);
      const reply = entry === undefined ? await join(call, asked, flight) : hit(call, asked, entry, { ageMs: Math.max(0, Date.now() - entry.createdAt) });
      if (reply !== undefined) return reply;
    }
    miss(call, asked, generations);
    return lead(call, next, asked, generations);
  }

  /** What a call under way gives. Undefined when that was refused for whose it was: this one may be let through. */
  async function join(call: Call, asked: Identity, flight: Flight): Promise<Reply | undefined> {
    let reply: Reply;
    try {
      reply = await flight.join(call);
    } catch (error) {
      if (error instanceof RejectedError && PERSONAL.has(error.code)) return undefined;
      miss(call, asked, flight.generations);
      throw error;
    }
    return observe(
      call,
      async () => reply,
      (outcome) => {
        if (outcome.status === 'ok' && flight.making !== undefined) joinedHit(call, asked, flight.making, outcome.response.usage);
        else miss(call, asked, flight.generations);
      },
    );
  }

  /** Asks below, for itself and for all who come meanwhile. */
  async function lead(call: Call, next: Next, asked: Identity, generations: Flight['generations']): Promise<Reply> {
    if (call.signal.aborted) throw call.signal.reason;
    const since = call.trace.decisions.length;
    const flight = flights.open(asked.key, call, generations, (shared, opened) => observe(shared, next, (outcome) => landed(shared, asked, opened, since, outcome)));
    return flight.join(call);
  }

  /** Before any reader has its end. Memory is waited for; a store elsewhere nobody waits for. */
  function landed(call: Call, asked: Identity, flight: Flight, since: number, outcome: Outcome): void | Promise<void> {
    if (outcome.status !== 'ok') return flights.close(asked.key, flight);
    const { response } = outcome;
    const making = (flight.making = makingOf(call.trace.decisions, since));
    const why = whyNotStored(call, response, making);
    const fits = why === undefined && 'content' in response ? call.locals.get(answerCheckKey) : undefined;
    if (fits === undefined) return keep(call, asked, flight, response, why);
    return fits(response as ChatResponse).then(
      (fit) => keep(call, asked, flight, response, fit ? undefined : 'it does not fit the schema of the caller'),
      () => keep(call, asked, flight, response, 'the schema of the caller could not look at it'),
    );
  }

  function keep(call: Call, asked: Identity, flight: Flight, response: ResponseOf<OperationName>, whyNot: string | undefined): void | Promise<void> {
    const { generations } = flight;
    const { from, costUsd } = flight.making ?? {};
    let why = whyNot;
    if (flights.peek(asked.key) !== flight) why ??= 'a newer call has taken its place';
    if (generations === undefined) why ??= 'the store cannot be reached';
    if (why === undefined && from !== undefined && generations !== undefined) {
      const price = costUsd === undefined ? undefined : { costUsd };
      flight.text = encodeEntry({ operation: call.operation, check: asked.check, createdAt: Date.now(), generations, from, ...price, response });
    }
    if (flight.text === undefined) {
      flights.close(asked.key, flight);
      return notStored(call, why ?? 'it holds something that would not come back as it is');
    }
    const written = store(call, asked, flight, flight.text);
    if (settings.timeoutMs === undefined) return written;
    return call.background(written);
  }

  async function store(call: Call, asked: Identity, flight: Flight, text: string): Promise<void> {
    try {
      if (await shelf.write(asked.key, text)) call.trace.record(NAME, { what: 'cache-store', kind: 'exact', key: asked.key });
      else notStored(call, 'it is too large for the store');
    } catch {
      notStored(call, 'the store cannot be reached'); // the answer is there: nobody should lose it for this
    } finally {
      flights.close(asked.key, flight);
    }
  }

  function refresh(call: Call, next: Next, asked: Identity, generations: readonly string[]): void {
    if (flights.find(asked.key, generations) === undefined) refreshes.begin(call, (reader) => lead(reader, next, asked, generations));
  }

  async function invalidate(what: Invalidation): Promise<void> {
    if (what !== null && typeof what === 'object') {
      if ('key' in what && typeof what.key === 'string') {
        flights.close(what.key, flights.peek(what.key));
        return shelf.remove(what.key);
      }
      if ('scope' in what && typeof what.scope === 'string') return shelf.renew(generationKey(namespace, scope.named(what.scope)));
      if ('tag' in what && typeof what.tag === 'string' && typeof what.value === 'string' && tags.includes(what.tag)) return shelf.renew(generationKey(namespace, ['by tag', what.tag, what.value]));
    }
    throw new ConfigError(`${NAME}: invalidate: wanted { key }, { scope } or { tag, value } with a tag of invalidateBy (${tags.join(', ') || 'none'})`);
  }

  return { name: NAME, stage: 'cache', intercept, invalidate, keyOf, close: () => refreshes.cancel() };
}

const NAME = 'exact-cache';
/** How often a call waits for another of its kind, when those are refused one after the other, before it goes on its own. */
const MAX_ROUNDS = 8;
/** Refusals that have to do with who is calling: another caller's means nothing for this one. */
const PERSONAL: ReadonlySet<RejectedCode> = new Set<RejectedCode>(['rate_limited', 'budget_exceeded', 'concurrency_exceeded', 'policy_denied', 'guardrail_blocked', 'unknown_price']);

function hit(call: Call, asked: Identity, { from, costUsd, response }: Entry, age: Pick<CacheHit, 'ageMs' | 'stale'>): Reply {
  const fact: CacheHit = { what: 'cache-hit', kind: 'exact', ...age, savedUsd: costUsd, from, usage: response.usage, key: asked.key };
  call.trace.record(NAME, fact, { target: from });
  return complete(call, response) as Reply; // the entry is of the call's operation
}

function joinedHit(call: Call, asked: Identity, { from, costUsd, hit: below }: Making, usage: Usage): void {
  const similarity = below?.similarity === undefined ? undefined : { similarity: below.similarity };
  const source = below?.from ?? from;
  const savedUsd = below === undefined ? costUsd : below.savedUsd;
  call.trace.record(
    NAME,
    { what: 'cache-hit', kind: below?.kind ?? 'exact', ageMs: below?.ageMs ?? 0, joined: true, savedUsd, ...similarity, ...(source !== undefined && { from: source }), usage, key: asked.key },
    source === undefined ? undefined : { target: source },
  );
}

function miss({ trace }: Call, { key }: Identity, generations: Flight['generations']): void {
  if (generations !== undefined) trace.record(NAME, { what: 'cache-miss', kind: 'exact', key }); // else it was bypassed, and said so
}

function bypass({ trace }: Call, why: string): void {
  trace.record(NAME, { what: 'cache-bypass', kind: 'exact', why });
}

function notStored({ trace }: Call, why: string): void {
  trace.record(NAME, { what: 'custom', name: 'not-stored', data: { why } });
}

function keyOf(report: CallReport | undefined): string | undefined {
  for (const decision of report?.decisions ?? []) if (decision.by === NAME && 'key' in decision && decision.key !== undefined) return decision.key;
  return undefined;
}

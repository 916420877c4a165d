import { derive, type Call } from '../core/call.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Reply } from '../core/reply.js';
import { resume } from '../core/resume.js';
import type { Candidate } from '../core/route.js';
import { toGatewayError } from '../core/wrap-error.js';
import { ConfigError, ExhaustedError, type GatewayError } from '../errors.js';
import { continuation } from '../routing/continuation.js';
import { createHealthBook } from '../routing/health.js';
import { createItinerary } from '../routing/itinerary.js';
import { attemptsAreSpent, planKey } from '../routing/plan.js';
import { policyOf } from '../routing/policy.js';
import { arrange, STRATEGIES, type Strategy } from '../routing/strategy.js';

export interface FallbackOptions {
  /** Strategies of your own, by the name that routes use. @default 'ordered', 'weighted' and 'power-of-two' are always there */
  readonly strategies?: Readonly<Record<string, Strategy>>;
  /** Where a call goes after a key was not accepted: to another key of the same provider, or to any candidate. @default 'credential' */
  readonly onAuthentication?: 'credential' | 'any';
  /** A stream that breaks off after content: `error` ends it, `continue` asks the next candidate to go on from the partial text. @default 'error' */
  readonly onStreamInterrupted?: 'error' | 'continue';
  /** For strategies that draw, 0 to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Walks the candidates of the call's route until one answers. What a failure means decides where the call goes next; the
 * route's strategy decides the order. Knows how each target is doing, for strategies and for `gateway.health()`.
 */
export function fallback(options: FallbackOptions = {}): Interceptor {
  const { onAuthentication = 'credential', onStreamInterrupted = 'error', random = Math.random } = options;
  if (onAuthentication !== 'credential' && onAuthentication !== 'any') throw new ConfigError(`fallback: onAuthentication: wanted 'credential' or 'any', got ${String(onAuthentication)}`);
  if (onStreamInterrupted !== 'error' && onStreamInterrupted !== 'continue') throw new ConfigError(`fallback: onStreamInterrupted: wanted 'error' or 'continue', got ${String(onStreamInterrupted)}`);
  const strategies: Readonly<Record<string, Strategy>> = { ...STRATEGIES, ...options.strategies };
  const book = createHealthBook();
  const context = { healthOf: ({ target }: Candidate) => book.of(target), random };

  function strategyOf(name: string): Strategy {
    if (Object.hasOwn(strategies, name)) return strategies[name] as Strategy; // hasOwn has seen it
    throw new ConfigError(`models: there is no strategy '${name}'; known: ${Object.keys(strategies).join(', ')}`);
  }

  async function attempt(call: Call, next: Next): Promise<Reply> {
    book.started(call.target);
    return observe(call, next, (outcome) => book.ended(call.target, outcome));
  }

  async function intercept(call: Call, next: Next): Promise<Reply> {
    const { route, trace, locals } = call;
    trace.subscribe(book.note);
    const candidates = arrange(route.candidates, strategyOf(route.strategy), context);
    const itinerary = createItinerary(route, candidates, { anyAfterAuthentication: onAuthentication === 'any' });
    const errors: GatewayError[] = [];

    /** A detour may bring more targets than there are attempts left: what was retried before it counts too. */
    function giveUpIfSpent(): boolean {
      if (!attemptsAreSpent(call, itinerary.plan())) return false;
      for (const { target } of itinerary.giveUp()) trace.record('fallback', { what: 'excluded', why: 'no attempt is left for it' }, { target });
      return true;
    }

    /** The next candidate's answer, or an error when there is none left. */
    async function walk(from: Call, kind: Call['kind']): Promise<Reply> {
      for (;;) {
        const candidate = itinerary.take();
        if (candidate === undefined) throw errors.length === 1 ? errors[0] : exhausted(errors);
        locals.set(planKey, itinerary.plan());
        if (route.candidates.length > 1) trace.record('fallback', { what: 'selected', strategy: route.strategy }, { target: candidate.target });
        const first = errors.length === 0 && kind === 'first';
        try {
          return await attempt(derive(from, { target: candidate.target, attempt: 1, kind: first ? from.kind : kind === 'first' ? 'fallback' : kind }), next);
        } catch (cause) {
          const error = toGatewayError(cause);
          errors.push(error);
          const way = itinerary.after(error, candidate);
          for (const { target, why } of way.excluded) trace.record('fallback', { what: 'excluded', why }, { target });
          if (way.next === undefined || giveUpIfSpent()) throw way.final || errors.length === 1 ? error : exhausted(errors);
          trace.record('fallback', { what: 'next-target', to: `${way.next.target.provider}/${way.next.target.model}`, code: error.code }, { target: candidate.target });
        }
      }
    }

    const reply = await walk(call, 'first');
    if (onStreamInterrupted === 'error' || reply.operation !== 'chat' || call.operation !== 'chat') return reply;
    return resume(call, reply, async (error, partial) => {
      // What fails everywhere fails here too, and a policy that blocked an answer is not got round by asking elsewhere.
      if (policyOf(error).next !== 'any') return undefined;
      const following = giveUpIfSpent() ? undefined : itinerary.peek();
      const going = following === undefined ? undefined : continuation(call.request, partial, following.target);
      if (following === undefined || going === undefined) return undefined;
      trace.record('fallback', { what: 'next-target', to: `${following.target.provider}/${following.target.model}`, code: error.code }, { target: partialTarget(error, call) });
      const more = await walk(derive(call, { request: going.request }), 'continue');
      return more.operation === 'chat' ? going.joined(more) : undefined;
    });
  }

  return { name: 'fallback', stage: 'route', intercept, check: (routes) => void routes.map(({ strategy }) => strategyOf(strategy)), queries: { health: () => book.all() } };
}

function partialTarget(error: GatewayError, call: Call): Call['target'] {
  return error.target ?? call.target;
}

/** Each entry is the failure of one candidate. The wait is the shortest that one of them named: then one can be asked again. */
function exhausted(errors: readonly GatewayError[]): ExhaustedError {
  const waits = errors.flatMap((error) => (error.retryAfterMs === undefined ? [] : [error.retryAfterMs]));
  return new ExhaustedError(errors, {
    retryable: errors.some((error) => error.retryable),
    ...(waits.length > 0 && { retryAfterMs: Math.min(...waits) }),
  });
}

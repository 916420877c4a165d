import { ConfigError } from '../errors.js';
import type { TargetHealth } from '../types/health.js';
import type { GatewayStats } from '../types/stats.js';
import type { LedgerQuery, LedgerTotal } from '../types/store.js';
import type { Call } from './call.js';
import type { Reply } from './reply.js';
import type { ResolvedRoute } from './route.js';

/** Where an interceptor may stand, outermost first. docs/pipeline.md gives the reason for each place. */
export const STAGES = ['observe', 'audit', 'policy', 'redact', 'guard', 'cache', 'admit', 'route', 'retry', 'throttle', 'break', 'timeout', 'meter'] as const;
export type Stage = (typeof STAGES)[number];

export type Next = (call: Call) => Promise<Reply>;

/**
 * One piece of middleware. *Awaiting* `next(call)` is the uncommitted phase, up to the first content: retry, fallback and
 * limits are plain `try/catch` around it. What happens after is seen through `observe` and changed through `transform`.
 */
export interface Interceptor {
  /** Unique in a gateway; `CallOptions.without` and `describe()` use it. */
  readonly name: string;
  /** A call may leave it out by name. @default false, so that redaction or a budget is never skipped by mistake */
  readonly optional?: boolean;
  /** Where it may stand; leave out to stand anywhere. `createGateway` refuses a list that contradicts the stages. */
  readonly stage?: Stage;
  intercept(call: Call, next: Next): Promise<Reply>;
  /** Called once by `createGateway`, with what `models` stand for. Throws ConfigError for what it could not work with. */
  check?(routes: readonly ResolvedRoute[]): void;
  /**
   * Called when a stream is made, which may be long before it is read and sent, and by somebody else: gives `work` tied to
   * whatever is around its maker (a trace, an async context). @default left as it is
   */
  bind?<T>(work: () => T): () => T;
  /** What it can be asked, behind the gateway method of the same name. The outermost that has it answers. */
  readonly queries?: Partial<Queries>;
  close?(): void | Promise<void>;
}

/** What interceptors answer for the gateway, which imports none of them. */
export interface Queries {
  health(): readonly TargetHealth[];
  spend(query: LedgerQuery): Promise<readonly LedgerTotal[]>;
  stats(): GatewayStats;
}

/** One function out of many. The first is outermost. */
export function compose(interceptors: readonly Interceptor[], last: Next): Next {
  return interceptors.reduceRight<Next>((next, interceptor) => {
    return (call) => {
      try {
        return interceptor.intercept(call, next);
      } catch (error) {
        return Promise.reject(error); // `intercept` need not be an async function
      }
    };
  }, last);
}

/** Throws a ConfigError for a list that cannot work: a bad entry, a name twice, an order that contradicts the stages. */
export function checkInterceptors(interceptors: readonly Interceptor[]): void {
  const names = new Set<string>();
  interceptors.forEach((interceptor, at) => {
    if (typeof interceptor?.intercept !== 'function' || typeof interceptor.name !== 'string' || interceptor.name === '') {
      throw new ConfigError(`interceptors[${at}]: wanted an object with a name and an intercept function`);
    }
    if (interceptor.stage !== undefined && !STAGES.includes(interceptor.stage)) {
      throw new ConfigError(`interceptors[${at}] (${interceptor.name}): its stage '${String(interceptor.stage)}' does not exist; wanted one of ${STAGES.join(', ')}`);
    }
    if (names.has(interceptor.name)) throw new ConfigError(`interceptors: two are named '${interceptor.name}'; give one of them another name`);
    names.add(interceptor.name);
  });
  checkOrder(interceptors.filter((interceptor): interceptor is Interceptor & { readonly stage: Stage } => interceptor.stage !== undefined));
}

function checkOrder(staged: readonly (Interceptor & { readonly stage: Stage })[]): void {
  let previous: (typeof staged)[number] | undefined;
  for (const interceptor of staged) {
    if (previous !== undefined && STAGES.indexOf(interceptor.stage) < STAGES.indexOf(previous.stage)) {
      const right = staged.toSorted((a, b) => STAGES.indexOf(a.stage) - STAGES.indexOf(b.stage)).map(({ name }) => name);
      throw new ConfigError(
        `interceptors: '${previous.name}' (stage ${previous.stage}) stands outside '${interceptor.name}' (stage ${interceptor.stage}), but ${interceptor.stage} must be outside ${previous.stage}; the right order is ${right.join(', ')}`,
      );
    }
    previous = interceptor;
  }
}

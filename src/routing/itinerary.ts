import type { Candidate, ResolvedRoute } from '../core/route.js';
import { ProviderError, type GatewayError } from '../errors.js';
import type { Target } from '../types/report.js';
import type { Plan } from './plan.js';
import { policyOf } from './policy.js';

/** Where a call has yet to go. Pure bookkeeping: it asks nobody and waits for nothing. */
export interface Itinerary {
  /** The next candidate, gone from the list. */
  take(): Candidate | undefined;
  /** The same, left in the list. */
  peek(): Candidate | undefined;
  plan(): Plan;
  /** Nobody else is to be asked. Gives those who were left. */
  giveUp(): readonly Candidate[];
  /** What the failure of `candidate` means for the rest. */
  after(error: GatewayError, candidate: Candidate): Way;
}

export interface Way {
  /** Who comes next. */
  readonly next: Candidate | undefined;
  /** The failure ends the call whoever is left: it would be the same everywhere. */
  readonly final: boolean;
  readonly excluded: readonly { readonly target: Target; readonly why: string }[];
}

export function createItinerary(route: ResolvedRoute, candidates: readonly Candidate[], options: { readonly anyAfterAuthentication: boolean }): Itinerary {
  let left = withoutRepeats(candidates);
  let known: readonly Candidate[] = [...left];
  const taken: Candidate[] = [];

  /** Those of the list who were not asked yet. */
  function detour(list: readonly Candidate[]): Candidate[] {
    known = withoutRepeats([...known, ...list]);
    return withoutRepeats(list).filter((candidate) => !taken.some((past) => sameKey(past, candidate)));
  }

  function insteadOfTheRest(list: readonly Candidate[]): Way {
    left = detour(list);
    return { next: left[0], final: left.length === 0, excluded: [] };
  }

  function exclude(leaves: (candidate: Candidate) => boolean, why: string): Way['excluded'] {
    const excluded = left.filter(leaves).map(({ target }) => ({ target, why }));
    left = left.filter((candidate) => !leaves(candidate));
    return excluded;
  }

  return {
    take() {
      const candidate = left.shift();
      if (candidate !== undefined) taken.push(candidate);
      return candidate;
    },
    peek: () => left[0],
    giveUp: () => left.splice(0),
    plan: () => ({ candidates: known.length, left: left.length }),
    after(error, candidate) {
      if (error.code === 'context_length') return insteadOfTheRest(route.onContextLength);
      if (error.code === 'content_filter') return insteadOfTheRest(route.onContentFilter);
      const policy = policyOf(error);
      if (policy.next === 'no') return { next: undefined, final: true, excluded: [] };
      let excluded: Way['excluded'] = [];
      if (policy.next === 'credential' && !options.anyAfterAuthentication) {
        excluded = exclude((other) => other.target.provider !== candidate.target.provider, 'a key was not accepted, and only other keys of that provider may be tried (onAuthentication)');
      } else if (error.code === 'circuit_open' || error.code === 'concurrency_exceeded' || error.code === 'not_found') {
        // None of them depends on the key.
        excluded = exclude((other) => sameTarget(other, candidate), WHY[error.code]);
      } else if (policy.breaker === 'failure') {
        // Another key does not make a failing provider well: others first.
        left = [...left.filter((other) => !sameTarget(other, candidate)), ...left.filter((other) => sameTarget(other, candidate))];
      }
      // It may be that, and may be not: those who would take it go first, and the rest are asked after them.
      if (error instanceof ProviderError && error.mayMean === 'context_length') left = withoutRepeats([...detour(route.onContextLength), ...left]);
      return { next: left[0], final: false, excluded };
    },
  };
}

const WHY = { circuit_open: 'its circuit is open', concurrency_exceeded: 'all its slots are taken', not_found: 'its model was not found' } as const;

function withoutRepeats(candidates: readonly Candidate[]): Candidate[] {
  return candidates.filter((candidate, at) => candidates.findIndex((other) => sameKey(other, candidate)) === at);
}

function sameTarget(one: Candidate, other: Candidate): boolean {
  return one.target.provider === other.target.provider && one.target.model === other.target.model;
}

function sameKey(one: Candidate, other: Candidate): boolean {
  return sameTarget(one, other) && one.target.credential === other.target.credential;
}

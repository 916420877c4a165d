import type { Candidate, ResolvedRoute } from '../core/route.js';
import type { GatewayError } from '../errors.js';
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
  let total = left.length;
  const taken: Candidate[] = [];

  function detour(list: readonly Candidate[]): Way {
    left = withoutRepeats(list).filter((candidate) => !taken.some((past) => sameKey(past, candidate)));
    total = taken.length + left.length;
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
    plan: () => ({ candidates: total, left: left.length }),
    after(error, candidate) {
      if (error.code === 'context_length') return detour(route.onContextLength);
      if (error.code === 'content_filter') return detour(route.onContentFilter);
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

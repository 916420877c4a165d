import type { Candidate } from '../core/route.js';
import type { TargetHealth } from '../types/health.js';

/** What a strategy may look at beside the candidates. */
export interface StrategyContext {
  /** Undefined for a target that was never asked. */
  readonly healthOf: (candidate: Candidate) => TargetHealth | undefined;
  /** 0 to 1, 1 excluded. */
  readonly random: () => number;
}

/** Puts the candidates into the order in which they are tried. Pure: all it knows is what it is given. */
export type Strategy = (candidates: readonly Candidate[], context: StrategyContext) => readonly Candidate[];

/** As they stand in the route. */
const ordered: Strategy = (candidates) => candidates;

/** Drawn one after the other, each with a chance proportional to its weight. */
const weighted: Strategy = (candidates, { random }) => {
  const left = [...candidates];
  const drawn: Candidate[] = [];
  while (left.length > 0) {
    let ticket = random() * left.reduce((sum, { weight }) => sum + weight, 0);
    let at = left.findIndex(({ weight }) => (ticket -= weight) < 0);
    if (at < 0) at = left.length - 1; // rounding may leave a ticket just above the last share
    drawn.push(...left.splice(at, 1));
  }
  return drawn;
};

/**
 * Power of two choices: draws two, and the healthier of them goes first; the rest follow in their order. Spreads load
 * almost as well as knowing everything, and does not send everyone to the one target that looked best a moment ago.
 */
const powerOfTwo: Strategy = (candidates, { healthOf, random }) => {
  if (candidates.length < 2) return candidates;
  const one = Math.floor(random() * candidates.length);
  const other = (one + 1 + Math.floor(random() * (candidates.length - 1))) % candidates.length;
  const pair = [candidates[one] as Candidate, candidates[other] as Candidate]; // both are indexes of the list
  const [first] = score(pair[1] as Candidate, healthOf) > score(pair[0] as Candidate, healthOf) ? pair.toReversed() : pair;
  return [first as Candidate, ...candidates.filter((candidate) => candidate !== first)];
};

export const STRATEGIES: Readonly<Record<string, Strategy>> = { ordered, weighted, 'power-of-two': powerOfTwo };

/** How much one more call in flight weighs against latency: from the balancer whose formula this is (features page, F2). */
const LOAD_WEIGHT = 0.1;
/** A target that was never asked is taken for a quick one, so that it is asked. */
const UNKNOWN_LATENCY_S = 0.5;

/** Higher is better: success over latency and load. */
function score(candidate: Candidate, healthOf: StrategyContext['healthOf']): number {
  const health = healthOf(candidate);
  if (health === undefined) return 1 / (1 + UNKNOWN_LATENCY_S);
  if (health.circuit === 'open') return 0;
  const latency = (health.timeToFirstContentMs ?? health.latencyMs ?? UNKNOWN_LATENCY_S * 1000) / 1000;
  return (1 - health.errorRate) / (1 + latency * (1 + LOAD_WEIGHT * health.inFlight));
}

/** Lower `priority` first; within one priority the strategy decides. */
export function arrange(candidates: readonly Candidate[], strategy: Strategy, context: StrategyContext): readonly Candidate[] {
  const priorities = new Set(candidates.map(({ priority }) => priority));
  if (priorities.size <= 1) return strategy(candidates, context);
  return [...priorities].toSorted((a, b) => a - b).flatMap((priority) => strategy(candidates.filter((candidate) => candidate.priority === priority), context));
}

import type { RecommendedOptions, Route } from 'headgate';
import type { ProviderPlan } from './provider.ts';
import type { Chance } from './seed.ts';

/** What is settled before the first call. */
export interface World {
  readonly providers: readonly ProviderPlan[];
  /** What `smart` stands for. */
  readonly route: Route;
  readonly options: Settings;
  /** Deadline of calls that say none, in milliseconds. */
  readonly timeoutMs: number | undefined;
}

/** Every option whose value a check needs to know. */
export interface Settings extends RecommendedOptions {
  readonly retry: { readonly maxAttempts: number; readonly maxWaitMs: number; readonly minDelayMs: number; readonly maxDelayMs: number; readonly budget?: false; readonly random: () => number };
  readonly throttle: { readonly maxWaitMs: number; readonly cooldownMs: number; readonly setAsideMs: number; readonly limits: Readonly<Record<string, { readonly requestsPerMinute: number }>> };
  readonly concurrency: { readonly maxConcurrent: number; readonly maxQueued: number; readonly queueTimeoutMs: number };
  readonly circuitBreaker: { readonly minOutcomes: number; readonly openMs: number; readonly maxOpenMs: number; readonly windowMs: number; readonly probes: number; readonly probeTimeoutMs: number };
  readonly timeout: { readonly firstContentMs: number; readonly idleMs: number; readonly attemptMs: number; readonly streamMs: number };
}

/** The longest that anything is set aside for in these worlds, in milliseconds: an hour, which a 429 may ask for. */
export const LONGEST_REST_MS = 3_600_000;

export function worldOf(chance: Chance): World {
  const providers = ['a', 'b', 'c', 'd'].slice(0, chance.whole(1, 4)).map((name): ProviderPlan => ({
    name,
    credentials: chance.maybe(0.3) ? ['first', 'second'] : [],
    methods: chance.weighted({ both: 6, stream: 3, chat: 1 }),
  }));
  const models = providers.flatMap(({ name }) => [`${name}/small`, `${name}/large`]);
  const some = (most: number): string[] => Array.from({ length: chance.whole(1, most) }, () => chance.pick(models));
  return {
    providers,
    route: {
      targets: some(4).map((model) => ({ model, weight: chance.whole(1, 5), priority: chance.whole(0, 1) })),
      strategy: chance.pick(['ordered', 'weighted', 'power-of-two']),
      ...(chance.maybe(0.3) && { onContextLength: some(2) }),
      ...(chance.maybe(0.3) && { onContentFilter: some(2) }),
    },
    options: settingsOf(chance, providers),
    timeoutMs: chance.maybe(0.5) ? undefined : chance.scale(120_000),
  };
}

function settingsOf(chance: Chance, providers: readonly ProviderPlan[]): Settings {
  const { random } = chance.fork();
  const openMs = chance.whole(1000, 30_000);
  return {
    fallback: { random, onAuthentication: chance.pick(['credential', 'any']), onStreamInterrupted: chance.pick(['error', 'error', 'continue']) },
    retry: { random, maxAttempts: chance.whole(1, 5), maxWaitMs: chance.whole(0, 15_000), minDelayMs: chance.whole(0, 1000), maxDelayMs: chance.whole(0, 10_000), ...(chance.maybe(0.3) && { budget: false }) },
    throttle: {
      maxWaitMs: chance.whole(0, 3000),
      cooldownMs: chance.whole(0, 3000),
      setAsideMs: chance.pick([0, 300_000]),
      limits: Object.fromEntries(providers.filter(() => chance.maybe(0.2)).map(({ name }) => [name, { requestsPerMinute: chance.whole(10, 200) }])),
    },
    concurrency: { maxConcurrent: chance.whole(1, 5), maxQueued: chance.whole(0, 5), queueTimeoutMs: chance.scale(20_000) },
    circuitBreaker: { minOutcomes: chance.whole(2, 8), windowMs: chance.whole(1000, 60_000), openMs, maxOpenMs: openMs * chance.whole(1, 8), probes: chance.whole(1, 3), probeTimeoutMs: chance.whole(1000, 60_000) },
    timeout: { firstContentMs: chance.whole(500, 30_000), idleMs: chance.whole(500, 20_000), attemptMs: chance.whole(1000, 60_000), streamMs: chance.whole(1000, 120_000) },
  };
}

import { recommended, type Interceptor, type RecommendedOptions } from 'headgate';

/** What every cell goes through: the whole pipeline with its defaults, but without random waits, and places enough in its queues. `below` stand next to the targets. */
export function pipeline(below: readonly Interceptor[], options: RecommendedOptions = {}): readonly (Interceptor | readonly Interceptor[])[] {
  return [recommended({ retry: { minDelayMs: 0, maxDelayMs: 0, random: () => 0 }, concurrency: { maxConcurrent: 10 }, ...options }), below];
}

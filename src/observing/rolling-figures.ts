import type { CallFigures } from '../types/stats.js';
import { DurationCounts, percentiles } from './log-histogram.js';

/** What one call or one attempt adds. */
export interface Sample {
  readonly outcome: string;
  readonly durationMs: number;
  readonly timeToFirstContentMs?: number | undefined;
  readonly inputTokens?: number | undefined;
  readonly outputTokens?: number | undefined;
  readonly attempts?: number;
  readonly retries?: number;
  readonly fallbacks?: number;
  readonly hits?: number;
}

interface Slot {
  /** Which stretch of time it counts, in stretches since the clock's zero. */
  readonly stretch: number;
  readonly outcomes: Map<string, number>;
  inputTokens: number;
  outputTokens: number;
  attempts: number;
  retries: number;
  fallbacks: number;
  hits: number;
  costUsd: number;
  savedUsd: number;
  readonly durations: DurationCounts;
  readonly firstContents: DurationCounts;
}

/** A window moves on by this part of itself. */
const SLOTS = 12;

/** Counts over the last while, in as many slots as the window has parts; the oldest falls out as time goes on. */
export class RollingFigures {
  readonly #slotMs: number;
  #slots: Slot[] = [];

  constructor(windowMs: number) {
    this.#slotMs = windowMs / SLOTS;
  }

  add(sample: Sample, now: number): void {
    const slot = this.#slot(now);
    slot.outcomes.set(sample.outcome, (slot.outcomes.get(sample.outcome) ?? 0) + 1);
    slot.inputTokens += sample.inputTokens ?? 0;
    slot.outputTokens += sample.outputTokens ?? 0;
    slot.attempts += sample.attempts ?? 0;
    slot.retries += sample.retries ?? 0;
    slot.fallbacks += sample.fallbacks ?? 0;
    slot.hits += sample.hits ?? 0;
    if (sample.outcome === 'ok') slot.durations.add(sample.durationMs);
    if (sample.timeToFirstContentMs !== undefined) slot.firstContents.add(sample.timeToFirstContentMs);
  }

  addCost(usd: number, now: number): void {
    this.#slot(now).costUsd += usd;
  }

  addSaved(usd: number, now: number): void {
    this.#slot(now).savedUsd += usd;
  }

  /** Whether anything in the window is left. */
  isEmpty(now: number): boolean {
    return this.#live(now).length === 0;
  }

  read(now: number): CallFigures {
    const live = this.#live(now);
    const outcomes = new Map<string, number>();
    for (const slot of live) for (const [outcome, count] of slot.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + count);
    const sum = (of: (slot: Slot) => number): number => live.reduce((total, slot) => total + of(slot), 0);
    const ok = outcomes.get('ok') ?? 0;
    const cancelled = outcomes.get('cancelled') ?? 0;
    const total = [...outcomes.values()].reduce((all, count) => all + count, 0);
    outcomes.delete('ok');
    return {
      total,
      ok,
      failed: total - ok - cancelled,
      cancelled,
      errors: Object.fromEntries(outcomes),
      inputTokens: sum((slot) => slot.inputTokens),
      outputTokens: sum((slot) => slot.outputTokens),
      costUsd: inNanoUsd(sum((slot) => slot.costUsd)),
      durationMs: percentiles(live.map((slot) => slot.durations)),
      timeToFirstContentMs: percentiles(live.map((slot) => slot.firstContents)),
      attempts: sum((slot) => slot.attempts),
      retries: sum((slot) => slot.retries),
      fallbacks: sum((slot) => slot.fallbacks),
      hits: sum((slot) => slot.hits),
      savedUsd: inNanoUsd(sum((slot) => slot.savedUsd)),
    };
  }

  #slot(now: number): Slot {
    const stretch = Math.floor(now / this.#slotMs);
    const newest = this.#slots.at(-1);
    if (newest?.stretch === stretch) return newest;
    const slot: Slot = { stretch, outcomes: new Map(), inputTokens: 0, outputTokens: 0, attempts: 0, retries: 0, fallbacks: 0, hits: 0, costUsd: 0, savedUsd: 0, durations: new DurationCounts(), firstContents: new DurationCounts() };
    this.#slots = [...this.#live(now), slot];
    return slot;
  }

  #live(now: number): Slot[] {
    const oldest = Math.floor(now / this.#slotMs) - SLOTS + 1;
    return this.#slots.filter((slot) => slot.stretch >= oldest);
  }
}

/** Sums of fractions of a cent gather dust behind the ninth digit. */
function inNanoUsd(usd: number): number {
  return Math.round(usd * 1e9) / 1e9;
}

import type { Call } from '../core/call.js';
import { isTimeout, MAX_TIMEOUT_MS } from '../core/check-options.js';
import type { Interceptor, Next } from '../core/interceptor.js';
import { observe } from '../core/observe.js';
import type { Outcome, Reply } from '../core/reply.js';
import { targetName } from '../core/trace.js';
import { ConfigError } from '../errors.js';
import { createRollingBook, type RollingBook } from '../observing/rolling-book.js';
import { RollingFigures, type Sample } from '../observing/rolling-figures.js';
import type { Decision } from '../types/report.js';
import type { CallFigures, Figures, GatewayStats } from '../types/stats.js';

export interface StatsOptions {
  /** How far back to look, in milliseconds. It moves on by a twelfth of itself. @default 300000, five minutes */
  readonly windowMs?: number;
  /** Tags to tell apart, by name. @default none */
  readonly tags?: readonly string[];
  /** Targets, and values of each tag, that are told apart; what comes beyond is counted together as `_OTHER`. @default 200 */
  readonly maxNames?: number;
}

/**
 * How calls have been going in the last while, for `gateway.stats()`: counts, errors, tokens, cost and percentiles, by target
 * and by tag. In memory, of this process, bounded. For those without a collector, for a status page, for a test.
 */
export function stats(options: StatsOptions = {}): Interceptor {
  const { windowMs, tags, maxNames } = checked(options);
  const all = new RollingFigures(windowMs);
  const targets = createRollingBook(windowMs, maxNames);
  const byTag = new Map<string, RollingBook>(tags.map((tag) => [tag, createRollingBook(windowMs, maxNames)]));
  let active = 0;

  /** Every row that a call counts in. */
  function rowsOf(call: Call, now: number): readonly RollingFigures[] {
    const rows = [all];
    for (const [tag, book] of byTag) {
      const value = Object.hasOwn(call.tags, tag) ? call.tags[tag] : undefined;
      if (value !== undefined) rows.push(book.of(value, now));
    }
    return rows;
  }

  function note(call: Call, decision: Decision): void {
    const now = performance.now();
    switch (decision.what) {
      case 'attempt-end': {
        const { report } = decision;
        targets.of(targetName(report.target), now).add({ ...report, inputTokens: report.usage?.inputTokens, outputTokens: report.usage?.outputTokens }, now);
        return;
      }
      case 'cost': {
        if (decision.usd === undefined) return;
        if (decision.target !== undefined) targets.of(decision.target, now).addCost(decision.usd, now);
        for (const row of rowsOf(call, now)) row.addCost(decision.usd, now);
        return;
      }
      case 'cache-hit':
        if (decision.savedUsd !== undefined) for (const row of rowsOf(call, now)) row.addSaved(decision.savedUsd, now);
        return;
      default:
    }
  }

  function settled(call: Call, outcome: Outcome): void {
    active--;
    const now = performance.now();
    const sample = sampleOf(call, outcome);
    for (const row of rowsOf(call, now)) row.add(sample, now);
  }

  function intercept(call: Call, next: Next): Promise<Reply> {
    active++;
    call.trace.subscribe((decision) => note(call, decision));
    return observe(call, next, (outcome) => settled(call, outcome));
  }

  function read(): GatewayStats {
    const now = performance.now();
    return {
      windowMs,
      active,
      calls: all.read(now),
      targets: table(targets, now, ofAttempts),
      tags: Object.fromEntries([...byTag].map(([tag, book]) => [tag, table(book, now, (figures) => figures)])),
    };
  }

  return { name: 'stats', stage: 'observe', intercept, queries: { stats: read } };
}

function sampleOf(call: Call, outcome: Outcome): Sample {
  const response = outcome.status === 'ok' ? outcome.response : outcome.partial;
  let [attempts, retries, fallbacks, hits] = [0, 0, 0, 0];
  for (const { what } of call.trace.decisions) {
    if (what === 'attempt-start') attempts++;
    else if (what === 'retry') retries++;
    else if (what === 'next-target') fallbacks++;
    else if (what === 'cache-hit') hits = 1;
  }
  return {
    outcome: outcome.status === 'ok' ? 'ok' : outcome.error.code,
    durationMs: outcome.durationMs,
    timeToFirstContentMs: outcome.timeToFirstContentMs,
    ...(hits === 0 && { inputTokens: response?.usage.inputTokens, outputTokens: response?.usage.outputTokens }),
    attempts,
    retries,
    fallbacks,
    hits,
  };
}

function table<F>(book: RollingBook, now: number, form: (figures: CallFigures) => F): Readonly<Record<string, F>> {
  return Object.fromEntries(book.entries(now).map(([name, row]) => [name, form(row.read(now))]));
}

function ofAttempts({ attempts: _attempts, retries: _retries, fallbacks: _fallbacks, hits: _hits, savedUsd: _savedUsd, ...figures }: CallFigures): Figures {
  return figures;
}

function checked({ windowMs = 300_000, tags = [], maxNames = 200 }: StatsOptions) {
  if (!isTimeout(windowMs)) throw wrong('windowMs', `milliseconds, 1 to ${MAX_TIMEOUT_MS}`, windowMs);
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string' && tag !== '')) throw wrong('tags', 'a list of names of tags', tags);
  if (!(Number.isInteger(maxNames) && maxNames >= 1)) throw wrong('maxNames', 'a whole number, 1 or more', maxNames);
  return { windowMs, tags, maxNames };
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`stats: ${option}: wanted ${wanted}, got ${String(got)}`);
}

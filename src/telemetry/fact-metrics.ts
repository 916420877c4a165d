import type { Attributes } from '@opentelemetry/api';
import type { Decision } from '../types/report.js';
import { known } from './attributes.js';
import type { Instruments } from './instruments.js';
import type { Settings } from './settings.js';
import { hitResult, isQueueWait } from './tally.js';
import type { MetricKey } from './vocabulary.js';

const CIRCUIT_STATES = { closed: 0, 'half-open': 1, open: 2 } as const;

/** Measures what a decision says. Every kind of fact is named here, so that a new one is not forgotten. */
export function measureFact(decision: Decision, instruments: Instruments<MetricKey>, tags: Attributes, { vocabulary, bounds }: Settings): void {
  const { own, attributes: names } = vocabulary;
  const target = { ...tags, ...known({ [own.target]: decision.target === undefined ? undefined : bounds.target(decision.target) }) };
  switch (decision.what) {
    case 'attempt-end': {
      const { durationMs, outcome, kind } = decision.report;
      instruments.attemptDuration(durationMs / 1000, { ...target, [own.kind]: kind, ...(outcome !== 'ok' && { [names.errorType]: outcome }) });
      return;
    }
    case 'cost':
      if (decision.usd === undefined) instruments.unpriced(1, target);
      else instruments.cost(decision.usd, target);
      return;
    case 'cache-hit':
      instruments.cache(1, { ...tags, [own.cacheKind]: decision.kind, [own.cacheResult]: hitResult(decision) });
      if (decision.savedUsd !== undefined) instruments.saved(decision.savedUsd, { ...tags, [own.cacheKind]: decision.kind });
      return;
    case 'cache-miss':
      instruments.cache(1, { ...tags, [own.cacheKind]: decision.kind, [own.cacheResult]: 'miss' });
      return;
    case 'cache-bypass':
      instruments.cache(1, { ...tags, [own.cacheKind]: decision.kind, [own.cacheResult]: 'bypass' });
      return;
    case 'retry':
      instruments.retries(1, { ...target, [names.errorType]: decision.code });
      return;
    case 'next-target':
      instruments.fallbacks(1, { ...target, [own.to]: bounds.target(decision.to), [names.errorType]: decision.code });
      return;
    case 'rejected':
      instruments.rejections(1, { ...tags, [own.by]: decision.by, [names.errorType]: decision.code });
      return;
    case 'queued':
      instruments.queue(1, { ...target, [own.by]: decision.by });
      return;
    case 'waited':
      if (decision.queued === true) instruments.queue(-1, { ...target, [own.by]: decision.by });
      if (isQueueWait(decision)) instruments.wait(decision.waitMs / 1000, { ...target, [own.by]: decision.by });
      return;
    case 'circuit':
      // A circuit is everybody's: no tag of the call that happened to move it.
      if (decision.target !== undefined) instruments.circuit(CIRCUIT_STATES[decision.state], { [own.target]: bounds.target(decision.target) });
      return;
    case 'redacted':
      for (const [kind, count] of Object.entries(decision.kinds)) instruments.redactions(count, { ...tags, [own.redactionKind]: bounds.name(kind) });
      return;
    case 'guardrail':
      instruments.guardrails(1, { ...tags, [own.rule]: bounds.name(decision.rule), [own.verdict]: decision.verdict });
      return;
    case 'attempt-start':
    case 'excluded':
    case 'selected':
    case 'cache-store':
    case 'set-aside':
    case 'warning':
    case 'custom':
      return;
    default:
      decision satisfies never;
  }
}

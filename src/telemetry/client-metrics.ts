import type { Attributes } from '@opentelemetry/api';
import type { Call } from '../core/call.js';
import type { Outcome } from '../core/reply.js';
import type { Target } from '../types/report.js';
import { operationOf, serviceTier, targetAttributes } from './attributes.js';
import type { ChunkClock } from './chunk-clock.js';
import type { Instruments } from './instruments.js';
import type { Settings } from './settings.js';
import type { Tally } from './tally.js';
import type { MetricKey } from './vocabulary.js';

interface Ended {
  readonly call: Call;
  readonly outcome: Outcome;
  readonly target: Target;
  readonly tally: Tally;
  readonly clock: ChunkClock | undefined;
}

/** The conventions' metrics of a call that has ended, and what the gateway itself took of it. */
export function measureOperation({ call, outcome, target, tally, clock }: Ended, instruments: Instruments<MetricKey>, tags: Attributes, settings: Settings): void {
  const { attributes: names } = settings.vocabulary;
  const response = outcome.status === 'ok' ? outcome.response : outcome.partial;
  const byProvider = tally.attempts > 0 && tally.hit === undefined;
  const operation = { [names.operationName]: operationOf(call) };
  const common: Attributes = {
    ...operation,
    ...tags,
    // A call that asked no provider has none: neither a hit nor a refusal says anything of a provider's latency.
    ...(byProvider ? targetAttributes(call, target, settings, true) : { [names.requestModel]: settings.bounds.model(target.model) }),
    ...(response !== undefined && { [names.responseModel]: settings.bounds.model(response.model) }),
  };
  const tiered: Attributes = { ...common, ...serviceTier(response, common, settings) };
  instruments.duration(outcome.durationMs / 1000, { ...tiered, ...(outcome.status !== 'ok' && { [names.errorType]: outcome.error.code }) });
  if (!tally.waited) instruments.overhead(Math.max(0, (outcome.durationMs - tally.busyMs(performance.now())) * 1000), operation);
  if (!byProvider) return;
  if (response !== undefined && response.usage.estimated !== true) {
    instruments.tokenUsage(response.usage.inputTokens, { ...tiered, [names.tokenType]: 'input' });
    if (call.operation === 'chat') instruments.tokenUsage(response.usage.outputTokens, { ...tiered, [names.tokenType]: 'output' });
  }
  if (outcome.timeToFirstContentMs !== undefined) instruments.timeToFirstChunk(outcome.timeToFirstContentMs / 1000, common);
  clock?.drain((seconds) => instruments.timePerChunk(seconds, common));
}

import type { PriceStatus } from '../types/price.js';
import type { AttemptReport, CacheHit, CallReport, Decision, Fact } from '../types/report.js';
import { targetName } from './trace.js';

/** A call's story for people: what was asked, one line per decision with its time since the start, and how it ended. No content, no keys. */
export function formatReport(report: CallReport): string {
  const from = report.decisions[0]?.at ?? 0;
  const lines = report.decisions.flatMap((decision) => {
    const text = describe(decision);
    return text === undefined ? [] : [`  ${`+${decision.at - from} ms`.padStart(10)}  ${text}`];
  });
  const hit = report.cache === 'exact' || report.cache === 'semantic';
  const served = report.served !== undefined ? `served by ${targetName(report.served)}` : hit ? `served from the ${report.cache} cache` : 'not served';
  const attempts = report.attempts.length === 1 ? '1 attempt' : `${report.attempts.length} attempts`;
  const cost = report.decisions.some(({ what }) => what === 'cost') ? `, cost ${money(report.cost.totalUsd)}` : '';
  return [`${report.requested || '(no model)'}: ${served}, ${attempts}, ${Math.round(report.durationMs)} ms${cost} (call ${report.callId})`, ...lines].join('\n');
}

function describe(decision: Decision): string | undefined {
  const target = decision.target ?? 'the call';
  switch (decision.what) {
    case 'attempt-start':
      return `attempt ${decision.index} at ${target} (${decision.kind})`;
    case 'attempt-end':
      return `attempt ${decision.report.index} ${outcomeOf(decision.report)}`;
    case 'excluded':
      return `${target} is left out: ${decision.why}`;
    case 'selected':
      return `${target} is chosen (${decision.strategy})`;
    case 'retry':
      return `${target} again after ${decision.waitMs} ms, because of ${decision.code}`;
    case 'next-target':
      return `on to ${decision.to}, because of ${decision.code}`;
    case 'cache-hit':
      return hitOf(decision);
    case 'cache-miss':
      return `nothing in the ${decision.kind} cache`;
    case 'cache-bypass':
      return `the ${decision.kind} cache was not asked: ${decision.why}`;
    case 'cache-store':
      return `stored in the ${decision.kind} cache`;
    case 'rejected':
      return `${target} refused by ${decision.by}: ${decision.code}`;
    case 'queued':
      return `${target}: in the queue of ${decision.by}`;
    case 'waited':
      return `${target} waited ${decision.waitMs} ms in ${decision.by}`;
    case 'set-aside':
      return `${decision.credential === undefined ? target : `key '${decision.credential}' of ${target}`} is set aside for ${decision.forMs} ms, because of ${decision.code}`;
    case 'circuit':
      return `the circuit of ${target} is ${decision.state}`;
    case 'redacted':
      return `redacted: ${Object.entries(decision.kinds).map(([kind, count]) => `${count} ${kind}`).join(', ')}`;
    case 'guardrail':
      return `guardrail ${decision.rule}${decision.stage === undefined ? '' : ` on the ${decision.stage}`}: ${decision.verdict}${decision.reason === undefined ? '' : ` (${decision.reason})`}`;
    case 'cost':
      return costOf(decision, decision.index);
    case 'warning':
      return `${decision.warning.setting}: ${decision.warning.detail}`;
    case 'custom':
      return `${decision.by}: ${decision.name}`;
    default:
      return decision satisfies never;
  }
}

function hitOf({ kind, ageMs, stale, joined, savedUsd, from }: CacheHit): string {
  const whose = from === undefined ? '' : ` from ${targetName(from)}`;
  const how = joined === true ? `the answer${whose} of an identical call under way` : `a ${stale === true ? 'stale ' : ''}hit in the ${kind} cache: the answer${whose}${ageMs === undefined ? '' : `, ${ageMs} ms old`}`;
  return `${how}${savedUsd === undefined ? '' : `, saved ${money(savedUsd)}`}`;
}

function costOf({ usd, usage, price }: Extract<Fact, { readonly what: 'cost' }>, index: number | undefined): string {
  const estimated = usage.estimated === true ? ', estimated' : '';
  const status = price === undefined ? '' : PRICES[price];
  return `${index === undefined ? '' : `attempt ${index} `}cost ${money(usd)} (${usage.inputTokens} tokens in, ${usage.outputTokens} out${estimated}${status})`;
}

/** An exact price goes without saying, and `unknown` is said already. */
const PRICES: Readonly<Record<PriceStatus, string>> = { exact: '', unknown: '', alias: ', price of another name', override: ', own price', reported: ', as the provider reports it', assumed: ', assumed price' };

/** What is too small for a millionth is not printed as nothing. */
function money(usd: number | undefined): string {
  if (usd === undefined) return 'unknown';
  return `${usd.toFixed(usd > 0 && usd < 0.000_001 ? 9 : 6)} USD`;
}

function outcomeOf({ outcome, certainty, durationMs, timeToFirstContentMs, requestId }: AttemptReport): string {
  const first = timeToFirstContentMs === undefined ? '' : `, first content after ${Math.round(timeToFirstContentMs)} ms`;
  const id = requestId === undefined ? '' : `, request ${requestId}`;
  const how = outcome === 'ok' ? 'answered' : `failed with ${outcome} (${certainty})`;
  return `${how} in ${Math.round(durationMs)} ms${first}${id}`;
}

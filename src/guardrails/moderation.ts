import { ConfigError, RejectedError } from '../errors.js';
import type { GuardRule } from '../guarding/rule.js';
import { postJson, serviceAt } from './post-json.js';
import { settled, type RuleSettings } from './settings.js';

export interface ModerationOptions extends Omit<RuleSettings, 'stream'> {
  /** Of OpenAI, or of a server that speaks its moderation protocol. */
  readonly apiKey: string;
  /** @default 'https://api.openai.com/v1' */
  readonly baseUrl?: string;
  /** @default 'omni-moderation-latest' */
  readonly model?: string;
  /** Score, 0 to 1, from which a category counts, by its name. @default what the service itself flags */
  readonly thresholds?: Readonly<Record<string, number>>;
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
}

/**
 * Asks a moderation endpoint (https://platform.openai.com/docs/api-reference/moderations). Sends it the texts: place it inside a
 * redactor if they hold what must not leave. @default name 'moderation', stage 'input', action 'block', on streams held back until whole
 */
export function moderation(options: ModerationOptions): GuardRule {
  const { apiKey, baseUrl = 'https://api.openai.com/v1', model = 'omni-moderation-latest', thresholds } = options;
  if (typeof apiKey !== 'string' || apiKey === '') throw new ConfigError('moderation: apiKey: wanted a key');
  for (const [category, score] of Object.entries(thresholds ?? {})) if (!(score >= 0 && score <= 1)) throw new ConfigError(`moderation: thresholds.${category}: wanted a score, 0 to 1, got ${String(score)}`);
  const service = serviceAt('moderation', 'baseUrl', `${baseUrl.replace(/\/+$/, '')}/moderations`, { authorization: `Bearer ${apiKey}` }, options.fetch);
  return {
    ...settled(options, { name: 'moderation', stage: 'input', action: 'block' }),
    async check({ texts, signal }) {
      const input = texts.filter((text) => text !== '');
      if (input.length === 0) return undefined;
      const categories = flagged(await postJson(service, { model, input }, signal), thresholds);
      return categories.length === 0 ? undefined : { reason: `moderation: ${categories.join(', ')}` };
    },
  };
}

/** The categories of all results, each once. An answer of another shape is no verdict. */
function flagged(answer: unknown, thresholds: Readonly<Record<string, number>> | undefined): readonly string[] {
  const results = objectOf(answer)['results'];
  if (!Array.isArray(results) || results.length === 0) throw new RejectedError('guardrail_blocked', 'the moderation endpoint gave no results');
  const names = results.flatMap((result: unknown) => {
    const { flagged: all, categories, category_scores: scores } = objectOf(result) as { readonly flagged?: unknown; readonly categories?: unknown; readonly category_scores?: unknown };
    if (thresholds !== undefined) return Object.entries(thresholds).flatMap(([name, least]) => (Number(objectOf(scores)[name] ?? 0) >= least ? [name] : []));
    const found = Object.entries(objectOf(categories)).flatMap(([name, on]) => (on === true ? [name] : []));
    return all === true && found.length === 0 ? ['flagged'] : found;
  });
  return [...new Set(names)].map((name) => name.replace(/[^\w/ -]/g, '').slice(0, 60));
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}; // any object has unknown members
}

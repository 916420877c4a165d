import { RejectedError } from '../errors.js';
import type { Finding, GuardRule, GuardSubject } from '../guarding/rule.js';
import type { Json } from '../types/json.js';
import { postJson, serviceAt } from './post-json.js';
import { settled, type RuleSettings } from './settings.js';

export interface HttpServiceOptions extends RuleSettings {
  /** Gets a POST. https, or http on this machine. */
  readonly url: string;
  /** @default none */
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent. @default stage, part, texts, tools and tags */
  readonly body?: (subject: GuardSubject) => Json;
  /** What its JSON answer means; undefined: nothing found. @default `{ found: boolean, reason?: string, texts?: string[] }`, `texts` for action 'rewrite' */
  readonly read?: (answer: unknown) => Finding | undefined;
  /** @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch;
}

/** Asks a service of your own, over HTTP. Redirects are refused. @default name 'http-service', stage 'both', action 'block', on streams held back until whole */
export function httpService(options: HttpServiceOptions): GuardRule {
  const { body = plainBody, read = plainAnswer } = options;
  const service = serviceAt('httpService', 'url', options.url, options.headers ?? {}, options.fetch);
  return {
    ...settled(options, { name: 'http-service', stage: 'both', action: 'block' }),
    check: async (subject) => read(await postJson(service, body(subject), subject.signal)),
  };
}

function plainBody({ stage, part, texts, tools, tags }: GuardSubject): Json {
  return { stage, ...(part !== undefined && { part }), texts, tools, tags };
}

function plainAnswer(answer: unknown): Finding | undefined {
  const { found, reason, texts } = (typeof answer === 'object' && answer !== null ? answer : {}) as { readonly found?: unknown; readonly reason?: unknown; readonly texts?: unknown };
  if (typeof found !== 'boolean') throw new RejectedError('guardrail_blocked', "the guardrail's service gave no verdict: wanted { found: boolean }");
  if (!found) return undefined;
  const rewrite = Array.isArray(texts) && texts.every((text) => typeof text === 'string') ? { rewrite: texts as readonly string[] } : undefined;
  return { reason: typeof reason === 'string' ? reason.slice(0, 200) : 'found by a service', ...rewrite };
}

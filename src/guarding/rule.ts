import { ConfigError } from '../errors.js';
import type { ChatRequest, ChatResponse } from '../types/chat.js';
import type { Message, UserMessage } from '../types/message.js';

/** One thing to look for. A plain object, so that the next rule writes itself. */
export interface GuardRule {
  /** Unique among the rules of one `guardrails()`; decisions and errors name it. */
  readonly name: string;
  readonly stage: 'input' | 'output' | 'both';
  /** What happens when it finds something: it is recorded, changed, or the call ends with `guardrail_blocked`. The strictest finding wins. */
  readonly action: 'flag' | 'rewrite' | 'block';
  /** When the check itself fails or takes too long: let it pass, or block. @default 'closed' for 'rewrite' and 'block', 'open' for 'flag' */
  readonly onError?: 'open' | 'closed';
  /** How long the check may take, in milliseconds. @default 5000 */
  readonly timeoutMs?: number;
  /** Share of calls that are checked, 0 to 1. @default 1 */
  readonly sample?: number;
  /** Of an input: the last message, all user messages, or everything. @default 'all' */
  readonly scope?: 'last' | 'user' | 'all';
  /**
   * Of a streamed output: hold it all back until it is whole; hold back this many characters, which is then the longest thing
   * that is found for certain; or say so at the end, when it has been read. A rule that only flags holds nothing back.
   * @default 'buffer'
   */
  readonly stream?: 'buffer' | 'after' | { readonly windowCharacters: number };
  /** Undefined: nothing found. Must not change what it is given. */
  check(subject: GuardSubject): Finding | undefined | Promise<Finding | undefined>;
  /** For a whole answer that does not pass: what to tell the model, once. The answer is held back until it is whole. @default none */
  repair?(finding: Finding, answer: ChatResponse): UserMessage;
}

/** What a rule looks at. */
export interface GuardSubject {
  readonly stage: 'input' | 'output';
  /** Of an input the texts in scope; of an output one text, as far as it is to be judged now. */
  readonly texts: readonly string[];
  /** Of an input: whose each of `texts` is. */
  readonly roles?: readonly Message['role'][];
  /** Of an output: what `texts` are. */
  readonly part?: 'text' | 'reasoning' | 'refusal' | 'tool-arguments';
  /** Of an input the tools that are offered; of an output those that are called: by the whole answer when it is judged whole, else the one whose arguments these are. */
  readonly tools: readonly string[];
  /** Of an output that is judged whole: all its text. */
  readonly answer?: string;
  /** Absent for embeddings. */
  readonly request?: ChatRequest;
  readonly tags: Readonly<Record<string, string>>;
  /** Fires when the call is over, or the time of the check is. */
  readonly signal: AbortSignal;
}

/** What was found. No content in `reason`: it goes into errors, reports and logs. */
export interface Finding {
  readonly reason: string;
  /** For `rewrite`: what becomes of each of `texts`. Without it they are left out. */
  readonly rewrite?: readonly Rewriting[];
  /** For `repair`: what to tell the model. May quote the answer, and goes nowhere else. */
  readonly details?: string;
}

/** A whole new text, or what is replaced in it. On a window only the second lets the rest be held back, to see where it leads. */
export type Rewriting = string | readonly Span[];

/** Characters from `start` up to `end` become `text`. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export const DEFAULT_TIMEOUT_MS = 5000;

/** Throws ConfigError, naming the rule and the field. */
export function checkRules(rules: readonly GuardRule[]): void {
  if (!Array.isArray(rules) || rules.length === 0) throw new ConfigError('guardrails: rules: wanted a list of at least one');
  const names = new Set<string>();
  rules.forEach((rule: GuardRule, at) => {
    const wrong = (field: string, wanted: string, got: unknown): ConfigError => new ConfigError(`guardrails: rules[${at}].${field}: wanted ${wanted}, got ${typeof got === 'string' ? `'${got}'` : String(got)}`);
    if (typeof rule?.name !== 'string' || rule.name === '') throw wrong('name', 'a non-empty string', rule?.name);
    if (names.has(rule.name)) throw new ConfigError(`guardrails: rules: two are named '${rule.name}'; give one of them another name`);
    names.add(rule.name);
    if (typeof rule.check !== 'function') throw wrong('check', 'a function', typeof rule.check);
    if (!['input', 'output', 'both'].includes(rule.stage)) throw wrong('stage', "'input', 'output' or 'both'", rule.stage);
    if (!['flag', 'rewrite', 'block'].includes(rule.action)) throw wrong('action', "'flag', 'rewrite' or 'block'", rule.action);
    if (rule.onError !== undefined && rule.onError !== 'open' && rule.onError !== 'closed') throw wrong('onError', "'open' or 'closed'", rule.onError);
    if (rule.timeoutMs !== undefined && !(rule.timeoutMs >= 1 && rule.timeoutMs <= 2 ** 31 - 1)) throw wrong('timeoutMs', 'milliseconds, 1 or more', rule.timeoutMs);
    if (rule.sample !== undefined && !(rule.sample >= 0 && rule.sample <= 1)) throw wrong('sample', 'a share, 0 to 1', rule.sample);
    if (rule.scope !== undefined && !['last', 'user', 'all'].includes(rule.scope)) throw wrong('scope', "'last', 'user' or 'all'", rule.scope);
    const { stream } = rule;
    if (typeof stream === 'object' && !(Number.isInteger(stream.windowCharacters) && stream.windowCharacters >= 1)) throw wrong('stream.windowCharacters', 'a whole number, 1 or more', stream.windowCharacters);
    if (stream !== undefined && typeof stream !== 'object' && stream !== 'buffer' && stream !== 'after') throw wrong('stream', "'buffer', 'after' or { windowCharacters }", stream);
    if (stream === 'after' && rule.action === 'rewrite') throw new ConfigError(`guardrails: rules[${at}] (${rule.name}): what has been read cannot be rewritten; wanted stream: 'buffer' or { windowCharacters }`);
  });
}

import { RE2JS } from 're2js';
import { ConfigError } from '../errors.js';
import type { GuardRule, GuardSubject, Span } from '../guarding/rule.js';
import { settled, type RuleSettings } from './settings.js';

export interface PatternOptions extends RuleSettings {
  /** In RE2's syntax, which is that of JavaScript without look-around and back-references: whatever it is, its time is linear in the text. */
  readonly patterns: readonly string[];
  /** @default false */
  readonly caseSensitive?: boolean;
}

export interface DenyPatternOptions extends PatternOptions {
  /** With action 'rewrite': what stands in the place of what was found. @default '[removed]' */
  readonly replacement?: string;
}

/** How much of a stream is held back: what a pattern finds is no longer, for certain. */
const WINDOW = 256;

/** Finds what must not be there. @default name 'deny-patterns', stage 'both', action 'block', on streams 256 characters held back */
export function denyPatterns(options: DenyPatternOptions): GuardRule {
  const patterns = compiled('denyPatterns', options);
  const { replacement = '[removed]' } = options;
  const settings = settled(options, { name: 'deny-patterns', stage: 'both', action: 'block', stream: { windowCharacters: WINDOW } });
  return {
    ...settings,
    check({ texts }) {
      if (settings.action !== 'rewrite') {
        const found = patterns.findIndex((pattern) => texts.some((text) => pattern.matcher(text).find()));
        return found === -1 ? undefined : { reason: reason(found) };
      }
      const rewrite = texts.map((text) => patterns.flatMap((pattern) => spansOf(pattern, text, replacement)));
      const found = patterns.findIndex((pattern) => texts.some((text) => pattern.matcher(text).find()));
      return found === -1 ? undefined : { reason: reason(found), rewrite };
    },
  };
}

/** Lets only what one of the patterns finds pass: every text, or of an input every text in scope. Tool arguments and reasoning are not looked at. @default name 'allow-patterns', stage 'input', action 'block', scope 'last' */
export function allowPatterns(options: PatternOptions): GuardRule {
  const patterns = compiled('allowPatterns', options);
  return {
    ...settled(options, { name: 'allow-patterns', stage: 'input', action: 'block', scope: 'last' }),
    check(subject) {
      if (!isSpoken(subject)) return undefined;
      const all = subject.texts.every((text) => patterns.some((pattern) => pattern.matcher(text).find()));
      return all ? undefined : { reason: 'none of the allowed patterns is in it' };
    },
  };
}

function isSpoken({ part }: GuardSubject): boolean {
  return part === undefined || part === 'text';
}

/** The number, not the pattern: it may be a list of names. */
function reason(index: number): string {
  return `pattern ${index + 1} is in it`;
}

function spansOf(pattern: RE2JS, text: string, replacement: string): readonly Span[] {
  const matcher = pattern.matcher(text);
  const spans: Span[] = [];
  while (matcher.find()) if (matcher.end() > matcher.start()) spans.push({ start: matcher.start(), end: matcher.end(), text: replacement });
  return spans;
}

function compiled(rule: string, { patterns, caseSensitive = false }: PatternOptions): readonly RE2JS[] {
  if (!Array.isArray(patterns) || patterns.length === 0) throw new ConfigError(`${rule}: patterns: wanted a list of at least one`);
  return patterns.map((pattern: unknown, at) => {
    if (typeof pattern !== 'string' || pattern === '') throw new ConfigError(`${rule}: patterns[${at}]: wanted a non-empty string, got ${typeof pattern}`);
    try {
      return RE2JS.compile(pattern, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    } catch {
      throw new ConfigError(`${rule}: patterns[${at}]: not a pattern of RE2's syntax (no look-around, no back-references); see https://github.com/google/re2/wiki/Syntax`);
    }
  });
}

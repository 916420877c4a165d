import { ConfigError } from '../errors.js';
import type { GuardRule } from '../guarding/rule.js';
import { PHRASES, TEMPLATE_MARKS, type Phrase } from './injection-phrases.js';
import { plain, plainViews } from './plain-views.js';
import { settled, type RuleSettings } from './settings.js';

export interface PromptInjectionOptions extends RuleSettings {
  /** Phrases of your own, found in any case and behind the same disguises. @default none */
  readonly phrases?: readonly string[];
}

/**
 * Finds the common attempts to take a model over: orders to ignore what it was told, to reveal its prompt, to be someone without
 * limits, and the role marks of model templates; also behind invisible characters, look-alike letters, spaced letters, base64 and hex.
 * Looks at what users and tools say, not at system and assistant messages. It is a list, not a judge: what is written in other
 * words passes. @default name 'prompt-injection', stage 'input', action 'block'
 */
export function promptInjection(options: PromptInjectionOptions = {}): GuardRule {
  const { phrases = [] } = options;
  if (!Array.isArray(phrases) || phrases.some((one: unknown) => typeof one !== 'string' || one.trim() === '')) throw new ConfigError('promptInjection: phrases: wanted a list of non-empty strings');
  const own = phrases.map((one: string) => plain(one));
  return {
    ...settled(options, { name: 'prompt-injection', stage: 'input', action: 'block' }),
    check({ texts, roles }) {
      const found = new Set<string>();
      texts.forEach((text, at) => {
        const role = roles?.[at];
        if (role === 'system' || role === 'assistant') return;
        for (const view of plainViews(text)) look(view, own, found);
      });
      return found.size === 0 ? undefined : { reason: [...found].join(', ') };
    },
  };
}

const BY_FIRST_WORD = byFirstWord();

function look(view: string, own: readonly string[], found: Set<string>): void {
  if (TEMPLATE_MARKS.some((mark) => view.includes(mark))) found.add('template-mark');
  if (own.some((one) => view.includes(one))) found.add('phrase');
  const words = view.match(/[\p{L}\p{N}]+/gu) ?? [];
  words.forEach((word, at) => {
    for (const phrase of BY_FIRST_WORD.get(word) ?? []) if (!found.has(phrase.category) && follows(words, at, phrase)) found.add(phrase.category);
  });
}

/** Each step at the first place that fits: the sets of one phrase share no words, so a later one would not fit better. */
function follows(words: readonly string[], from: number, { steps, gap }: Phrase): boolean {
  let at = from;
  return steps.slice(1).every((step) => {
    for (let next = at + 1; next <= at + 1 + gap && next < words.length; next++) {
      if (!step.has(words[next] as string)) continue; // in range
      at = next;
      return true;
    }
    return false;
  });
}

function byFirstWord(): ReadonlyMap<string, readonly Phrase[]> {
  const map = new Map<string, Phrase[]>();
  for (const phrase of PHRASES) for (const word of phrase.steps[0] ?? []) map.set(word, [...(map.get(word) ?? []), phrase]);
  return map;
}

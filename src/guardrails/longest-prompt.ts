import { ConfigError } from '../errors.js';
import type { GuardRule } from '../guarding/rule.js';
import { settled, type RuleSettings } from './settings.js';

export interface LongestPromptOptions extends RuleSettings {
  /** Of all texts in scope together, in UTF-16 code units. */
  readonly maxCharacters: number;
}

/** Refuses prompts that are longer than you want to pay for. @default name 'longest-prompt', stage 'input', action 'block', scope 'all' */
export function longestPrompt(options: LongestPromptOptions): GuardRule {
  const { maxCharacters } = options;
  if (!(Number.isInteger(maxCharacters) && maxCharacters >= 1)) throw new ConfigError(`longestPrompt: maxCharacters: wanted a whole number, 1 or more, got ${String(maxCharacters)}`);
  return {
    ...settled(options, { name: 'longest-prompt', stage: 'input', action: 'block' }),
    check({ texts }) {
      let characters = 0;
      for (const text of texts) characters += text.length;
      if (characters <= maxCharacters) return undefined;
      return { reason: `${characters} characters, and ${maxCharacters} are allowed`, rewrite: shortened(texts, maxCharacters) };
    },
  };
}

/** What fits, from the first text on. */
function shortened(texts: readonly string[], maxCharacters: number): readonly string[] {
  let left = maxCharacters;
  return texts.map((text) => {
    const kept = text.slice(0, left);
    left -= kept.length;
    return kept;
  });
}

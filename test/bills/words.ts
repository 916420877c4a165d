import type { Chance } from '../simulation/seed.ts';

/** Common words, each a token of its own to the tokenizers in use. */
const WORDS = ['the ', 'of ', 'people ', 'with ', 'water ', 'their ', 'about ', 'which ', 'some ', 'would ', 'other ', 'time ', 'number ', 'more ', 'day ', 'first ', 'made ', 'over ', 'little ', 'after '];

export function wordsOf(chance: Chance, count: number): readonly string[] {
  return Array.from({ length: count }, () => chance.pick(WORDS));
}

/** The words of a request's messages, whatever its protocol calls their fields. */
export function wordsIn(body: unknown): number {
  if (typeof body === 'string') return body.match(/\S+/g)?.length ?? 0;
  if (typeof body !== 'object' || body === null) return 0;
  let words = 0;
  for (const [key, value] of Object.entries(body)) if (Array.isArray(body) || CONTENT.has(key)) words += wordsIn(value);
  return words;
}

const CONTENT = new Set(['messages', 'input', 'contents', 'content', 'parts', 'text', 'system']);

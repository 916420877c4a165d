/** OpenAI's vocabularies that are in use. */
export type Encoding = 'o200k_base' | 'cl100k_base';

// By openai/tiktoken's model.py, a family a line. What follows a family's name (a date, a size) keeps its vocabulary.
const FAMILIES: readonly (readonly [RegExp, Encoding])[] = [
  [/^(?:gpt-4o|chatgpt-4o|gpt-4\.[1-9]|gpt-(?:[5-9]|1\d)(?!\d)|o[1-9](?![a-z0-9])|gpt-oss|codex-mini|computer-use)/, 'o200k_base'],
  [/^(?:gpt-4(?![.o\d])|gpt-3\.5|gpt-35|text-embedding-(?:3|ada-002))/, 'cl100k_base'],
];
/** No name is longer, and none is looked at any further. */
const MAX_NAME = 200;

/** The encoding of a model of OpenAI, by its name, with or without what hosts put before it (`openai/`, `ft:`). Undefined for all others: their vendors' vocabularies are not public, or not here. */
export function encodingOf(model: string): Encoding | undefined {
  const name = model
    .slice(0, MAX_NAME)
    .toLowerCase()
    .replace(/^.*\//, '')
    .replace(/^ft:/, '');
  return FAMILIES.find(([family]) => family.test(name))?.[1];
}

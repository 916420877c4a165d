// How well tokens are estimated, and how long counting takes, by kind of text. The texts are those of the tests.
import { estimateTokens } from 'headgate';
import { createTokenCounter } from 'headgate/tokens/tiktoken';
import { HOSTILE } from '../test/tokens/hostile.ts';
import { LANGUAGE_TEXTS, seeded, TEXTS, type Random } from '../test/tokens/texts.ts';
import { median } from './statistics.ts';

export interface KindOfText {
  readonly kind: string;
  /** Estimate over count: the expected figure of all texts together, the cautious one of the median text and of the lowest. */
  readonly expected: number;
  readonly median: number;
  readonly lowest: number;
  /** The part of texts whose cautious estimate is below their count. */
  readonly under: number;
}

const ENCODINGS = { o200k_base: 'gpt-5', cl100k_base: 'gpt-4' } as const;
export type EncodingName = keyof typeof ENCODINGS;

/** Texts of 100 to 4,000 characters, as many of each kind. */
export async function estimates(encoding: EncodingName, textsOfKind: number): Promise<readonly KindOfText[]> {
  const { count } = await createTokenCounter({ encoding });
  const random = seeded(2026);
  const rows: KindOfText[] = [];
  const languages = Object.values(LANGUAGE_TEXTS);
  const kinds = { ...TEXTS, [`${languages.length} other languages`]: (from: Random, length: number) => (languages[Math.floor(from() * languages.length)] ?? (() => ''))(from, length) };
  const all: { readonly ratio: number }[] = [];
  for (const [kind, make] of Object.entries(kinds)) {
    let [counted, expected] = [0, 0];
    const ratios: number[] = [];
    for (let at = 0; at < textsOfKind; at++) {
      const text = make(random, 100 * 40 ** random());
      const tokens = count(text);
      const estimate = estimateTokens(text, ENCODINGS[encoding]);
      counted += tokens;
      expected += estimate.expected;
      ratios.push(estimate.cautious / tokens);
    }
    rows.push({ kind, expected: expected / counted, ...spread(ratios) });
    for (const ratio of ratios) all.push({ ratio });
  }
  rows.push({ kind: 'all', expected: Number.NaN, ...spread(all.map(({ ratio }) => ratio)) });
  return rows;
}

function spread(ratios: readonly number[]): Omit<KindOfText, 'kind' | 'expected'> {
  return { median: median(ratios), lowest: Math.min(...ratios), under: ratios.filter((ratio) => ratio < 1).length / ratios.length };
}

export interface Speed {
  readonly shape: string;
  readonly estimateMs: number;
  readonly countMs: number;
  readonly tokens: number;
}

/** Milliseconds of CPU for a megabyte of UTF-8 of each hostile shape: the best of nine, so that other work on the machine counts little. */
export async function speeds(): Promise<readonly Speed[]> {
  const { count } = await createTokenCounter({ encoding: 'o200k_base' });
  return Object.entries(HOSTILE).map(([shape, make]) => {
    const text = make(1_000_000);
    let tokens = 0;
    const estimateMs = best(() => void estimateTokens(text));
    const countMs = best(() => void (tokens = count(text)));
    return { shape, estimateMs, countMs, tokens };
  });
}

function best(work: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 9; round++) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

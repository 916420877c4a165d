import type { Encoding } from './encodings.js';
import { scanText } from './scan-text.js';
import { CL100K, O200K } from './weights.js';

/** Two answers to two questions. */
export interface TokenEstimate {
  /** As likely too high as too low: stands in for a count that is missing. */
  readonly expected: number;
  /** Rarely too low: what to reserve. */
  readonly cautious: number;
}

/** What the shortest texts may hold beyond their estimate: a word can be two tokens. */
const AT_LEAST_OVER = 1;

/**
 * About how many tokens a text is, without a vocabulary: from the lengths and letters of its words, its digits, symbols and
 * scripts, in one pass. Never throws. Takes some thirty milliseconds for a million characters. Without an encoding it is that
 * of OpenAI's current models; the tokenizers of other vendors are like it, and what they differ by is learned (correction.ts).
 */
export function estimateText(text: string, encoding: Encoding = 'o200k_base'): TokenEstimate {
  if (text === '') return NONE;
  const counts = scanText(text);
  const { expected, margin } = encoding === 'cl100k_base' ? CL100K : O200K;
  let tokens = 0;
  let over = 0;
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at] as number; // as long as the weights
    if (count === 0) continue;
    tokens += count * (expected[at] as number);
    over += count * (margin[at] as number);
  }
  // What is guessed of many words evens out; of few it does not.
  return { expected: Math.max(1, Math.round(tokens)), cautious: Math.ceil(tokens + over + SPREAD * Math.sqrt(tokens) + AT_LEAST_OVER) };
}

const SPREAD = 0.15;
const NONE: TokenEstimate = { expected: 0, cautious: 0 };

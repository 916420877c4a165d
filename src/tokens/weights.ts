import { FEATURES, type Feature } from './scripts.js';

/**
 * Tokens for each of a feature, in `o200k_base` and in `cl100k_base`. From a bounded least-squares regression over some 11,000
 * texts of all the kinds in docs/tokens.md, which also says how far off it is. Words and groups of certain are one token by
 * construction; everything beyond that is a guess.
 */
const TOKENS: Readonly<Record<Feature, readonly [o200k: number, cl100k: number]>> = {
  words: [1, 1],
  fragments: [0.94, 1.25],
  certain: [1, 1],
  led: [0.12, 0.12],
  symbols: [0.85, 0.85],
  symbolPairs: [0.5, 0.5],
  commonPairs: [0.05, 0.05],
  equalPairs: [0.12, 0.12],
  lines: [0.8, 0.8],
  spaces: [1.17, 1.12],
  spaceChanges: [0.27, 0.28],
  longSpaces: [0.84, 0.72],
  accents: [0.3, 1.02],
  accentRuns: [0.67, 0.47],
  punctuation: [0.6, 0.6],
  pictograms: [2.21, 2.58],
  emoji: [1.89, 2.81],
  joiners: [0.5, 1.52],
  cyrillic: [0.35, 0.62],
  greek: [0.44, 1.1],
  arabic: [0.36, 0.9],
  hebrew: [0.46, 1.22],
  devanagari: [0.34, 1.26],
  indic: [0.38, 1.59],
  thai: [0.4, 0.86],
  caucasian: [0.42, 2.19],
  kana: [0.8, 1.01],
  hangul: [0.73, 1.28],
  hangulRare: [1.54, 1.29],
  han: [0.8, 1.35],
  hanRare: [1.1, 1.1],
  wide: [1.5, 1.35],
  longWords: [0.9, 0.9],
  rest: [2.5, 2.96],
  astral: [4.43, 3.88],
  halves: [0.31, 0.59],
};

/** How far a guess may be off: what is sure, and what is not, each as a part of itself. Chosen so that one text in a hundred is under-counted, and the median over-counted by no more than a sixth. */
const MARGINS = [
  { sure: 0.03, guessed: 0.27 },
  { sure: 0.03, guessed: 0.27 },
] as const;

const SURE: readonly Feature[] = ['words', 'certain'];

/** Weights of one vocabulary, in the order of FEATURES. */
export interface Weights {
  readonly expected: Float64Array;
  /** What is added to that to be on the safe side. */
  readonly margin: Float64Array;
}

export const [O200K, CL100K] = [weightsOf(0), weightsOf(1)] as const;

function weightsOf(vocabulary: 0 | 1): Weights {
  const { sure, guessed } = MARGINS[vocabulary];
  const expected = Float64Array.from(FEATURES, (feature) => TOKENS[feature][vocabulary]);
  return { expected, margin: expected.map((tokens, at) => tokens * (SURE.some((feature) => feature === FEATURES[at]) ? sure : guessed)) };
}

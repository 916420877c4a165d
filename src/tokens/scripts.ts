// Which part of the estimate a character outside ASCII counts in. By its place in Unicode, 128 code points at a time, which is how scripts lie.

/** What is counted in a text. One weight belongs to each, in weights.ts. */
export const FEATURES = [
  'words', 'fragments', 'certain', 'led', 'symbols', 'symbolPairs', 'commonPairs', 'equalPairs', 'lines', 'spaces', 'spaceChanges', 'longSpaces',
  'accents', 'accentRuns', 'punctuation', 'pictograms', 'emoji', 'joiners', 'cyrillic', 'greek', 'arabic', 'hebrew', 'devanagari',
  'indic', 'thai', 'caucasian', 'kana', 'hangul', 'hangulRare', 'han', 'hanRare', 'wide', 'longWords', 'rest', 'astral', 'halves',
] as const;

export type Feature = (typeof FEATURES)[number];

/** Where each feature is counted. */
export const AT = Object.fromEntries(FEATURES.map((feature, index) => [feature, index])) as Readonly<Record<Feature, number>>; // every feature is in the list

/** First code point of each range and what its characters count as, up to the next. */
const RANGES: readonly (readonly [first: number, feature: Feature])[] = [
  [0x80, 'accents'], [0x280, 'rest'], [0x380, 'greek'], [0x400, 'cyrillic'], [0x500, 'caucasian'], [0x580, 'hebrew'], [0x600, 'arabic'], [0x780, 'rest'],
  [0x900, 'devanagari'], [0x980, 'indic'], [0xd80, 'rest'], [0xe00, 'thai'], [0xe80, 'rest'], [0x1080, 'caucasian'], [0x1100, 'rest'], [0x1e00, 'accents'], [0x1f00, 'rest'],
  [0x2000, 'punctuation'], [0x2080, 'pictograms'], [0x2c00, 'rest'], [0x3000, 'kana'], [0x3100, 'rest'], [0x4e00, 'han'], [0xa000, 'rest'], [0xac00, 'hangul'], [0xd780, 'rest'], [0xff00, 'wide'],
];

/** By the first nine bits of a character. */
export const FEATURE_OF = new Uint8Array(512);
RANGES.forEach(([first, feature], at) => FEATURE_OF.fill(AT[feature], first >> 7, (RANGES[at + 1]?.[0] ?? 0x10000) >> 7));

/** Scripts with spaces between words. */
export const HAS_WORDS = new Uint8Array(FEATURES.length);
for (const script of ['cyrillic', 'greek', 'arabic', 'hebrew', 'devanagari', 'indic', 'caucasian'] as const) HAS_WORDS[AT[script]] = 1;

/** Characters that fill a third of ordinary Chinese, in both ways of writing it. A text without them is a list of rare ones. */
const COMMON_HAN = '的一是不了在人有我他这這中大来來上国國个個到说說们們为為子和你地出道也时時年得就那要下以生会會自着著去之过過家学學对對可她里裡后後小么麼心多天而能好都然没沒日于於起还還发發成事只作当當想看文无無开開手十用主行方又如前所本见見经經头頭面公同三已老从從动動两兩长長';
const COMMON_HANGUL = '이다는을가의에고하지로한은도를사기서어리자인아니들해대것그시나정일수있게전으부보여과라구었만면스장제주원상';

/** A bit for each. */
const common = new Uint8Array(0x2000);
for (const character of COMMON_HAN + COMMON_HANGUL) common[character.charCodeAt(0) >> 3] = (common[character.charCodeAt(0) >> 3] ?? 0) | (1 << (character.charCodeAt(0) & 7));

export function isCommon(code: number): boolean {
  return ((common[code >> 3] as number) & (1 << (code & 7))) !== 0; // 16 bits at most
}

import type { PatternDetector } from '../../detector.js';

interface Identifier {
  readonly kind: string;
  /** The whole number with its separators. Nothing is looked for between letters or digits. */
  readonly form: RegExp;
  readonly maxLength: number;
  /** Digits in a row that a text must have. @default 2 */
  readonly digits?: number;
  /** How long it is as a run of letters, digits and dashes. */
  readonly mixed?: number;
  /** Shown letters and digits only, in capitals. @default the form is enough */
  readonly valid?: (compact: string) => boolean;
  /** A letter may stand directly before it. @default false */
  readonly afterLetter?: boolean;
}

/** A number that a state or an institution gives a person: a form, and mostly a check digit. */
export function identifier({ kind, form, maxLength, digits = 2, mixed = 0, valid, afterLetter = false }: Identifier): PatternDetector {
  return {
    kind,
    maxLength,
    pattern: new RegExp(`(?<!${afterLetter ? String.raw`\d` : String.raw`\w`})(?:${form.source})(?!\\w)`, form.flags),
    characters: /[\w \u00a0\u2011+.:-]/,
    begins: afterLetter ? /\d/ : /(?<![A-Za-z])[A-Za-z]{0,6} ?\d/,
    needs: { digits, mixed },
    ...(valid !== undefined && { accepts: (value: string) => valid(compact(value)) }),
  };
}

/** The same where only a word before it tells it from any other number. */
export function named(detector: PatternDetector, words: string): PatternDetector {
  return { ...detector, pattern: new RegExp(`(?<=\\b(?:${words})\\b[^\\d\\n]{0,24})(?:${detector.pattern.source})`, 'i') };
}

/** Character by character: on a text full of candidates a pattern takes three times as long. */
function compact(value: string): string {
  let letters = '';
  let small = false;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const isSmall = code > 96 && code < 123;
    if (isSmall || (code > 47 && code < 58) || (code > 64 && code < 91)) letters += value.charAt(at);
    small ||= isSmall;
  }
  return small ? letters.toUpperCase() : letters;
}

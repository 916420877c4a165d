/** Where something was found: UTF-16 positions, `end` not included. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

interface Detection {
  /** Small letters, digits and dashes, at most 20 of them: `email`, `employee-number`. Placeholders are named after it: `[EMPLOYEE_NUMBER_1]`. */
  readonly kind: string;
  /**
   * The longest match, in characters, at most 200. A stream is held back by no more than that. A match may depend on the 64
   * characters before it and on the one after it.
   */
  readonly maxLength: number;
  /**
   * One character. With it a match is only the beginning of what is replaced: every such character after it belongs to it too,
   * however many there are. For what has no longest form, such as tokens and keys. A function is told a position, and may look
   * at the 64 characters before it.
   */
  readonly body?: RegExp | CharacterTest;
  /**
   * One character. A match holds no others, so text that ends in another need not be held back.
   * @default any character
   */
  readonly characters?: RegExp;
  /**
   * How each match begins, in 8 characters or fewer; narrows further what is held back.
   * @default any text
   */
  readonly begins?: RegExp;
  /**
   * What a text must hold for a closer look to be worth it.
   * @default nothing: every text is looked at
   */
  readonly needs?: Needs;
}

/** A cheap look ahead. Everything that is named must be there. */
export interface Needs {
  /** So many digits in a row, single or double separators (space . - / : parentheses) not counted. */
  readonly digits?: number;
  /** A run of so many letters, digits, `_` and `-`, with a digit among them or 20 long. */
  readonly mixed?: number;
  /** A run of so many hexadecimal digits, spaces, `:`, `.` and `-`. */
  readonly hex?: number;
  /** One of these, given in small letters; the text may have capitals. */
  readonly any?: readonly string[];
}

export interface PatternDetector extends Detection {
  /** Found again and again from left to right. No quantifier without an upper bound: `{1,64}`, not `+`. */
  readonly pattern: RegExp;
  /** The last word on a match: false, or how many of its characters it is. @default yes, all */
  accepts?(value: string): boolean | number;
}

export interface FindDetector extends Detection {
  /**
   * Every match in `text`, from left to right, none reaching into another; those before `from` are not asked for. Whether
   * there is a match must not depend on what is farther away than `maxLength` says: a stream is looked at in pieces.
   */
  find(text: string, from: number): Iterable<Match>;
}

/** Finds one kind of sensitive text. */
export type Detector = PatternDetector | FindDetector;

/** A match may depend on so many characters before it. */
export const CONTEXT = 64;
/** The longest `maxLength`. With the longest placeholder (50), a character after it, and half a character, it stays within 256. */
export const MAX_MATCH = 200;
/** The longest `begins`. */
export const BEGINNING = 8;

/** What a scanner works with. */
export interface CompiledDetector {
  readonly kind: string;
  readonly reach: number;
  readonly body: CharacterTest | undefined;
  readonly characters: CharacterTest | undefined;
  readonly begins: RegExp | undefined;
  readonly needs: Needs;
  find(text: string, from: number): Iterable<Match>;
}

/** Whether the character at this position is one of them. */
export type CharacterTest = (text: string, at: number) => boolean;

/** Detectors are checked where they come in: see settings.ts. */
export function compileDetector(detector: Detector): CompiledDetector {
  const { kind, maxLength, body, characters, begins, needs } = detector;
  return {
    kind,
    reach: maxLength + 1, // and the character after it
    body: body instanceof RegExp ? characterTest(body) : body,
    characters: characters && characterTest(characters),
    begins: begins && new RegExp(begins, flagsWith(begins, 'g')),
    needs: needs ?? {},
    find: 'find' in detector ? (text, from) => after(detector.find(text, from), from) : findPattern(detector),
  };
}

function findPattern(detector: PatternDetector): CompiledDetector['find'] {
  const pattern = new RegExp(detector.pattern, flagsWith(detector.pattern, 'g'));
  return function* find(text, from) {
    let at = from;
    while (at <= text.length) {
      pattern.lastIndex = at;
      const found = pattern.exec(text);
      if (found === null) return;
      const value = found[0];
      const accepted = value === '' ? false : (detector.accepts?.(value) ?? true);
      const length = accepted === true ? value.length : accepted === false ? 0 : Math.min(accepted, value.length);
      if (length > 0) yield { start: found.index, end: found.index + length };
      // Never into the middle of a character: a Unicode pattern would step back, and find the same again for ever.
      at = found.index + (length > 0 ? length : (text.codePointAt(found.index) ?? 0) > 0xffff ? 2 : 1);
    }
  };
}

function* after(matches: Iterable<Match>, from: number): Generator<Match> {
  for (const match of matches) if (match.start >= from && match.end > match.start) yield match;
}

function flagsWith(pattern: RegExp, flag: string): string {
  const flags = pattern.flags.replace('y', '');
  return flags.includes(flag) ? flags : flags + flag;
}

/** A table for ASCII: this runs for every character of a stream. */
function characterTest(pattern: RegExp): CharacterTest {
  const one = new RegExp(`^(?:${pattern.source})$`, pattern.flags.replace(/[gy]/g, ''));
  const table = Array.from({ length: 128 }, (_, code) => one.test(String.fromCharCode(code)));
  return (text, at) => {
    const code = text.charCodeAt(at);
    return code < 128 ? table[code] === true : one.test(text.charAt(at));
  };
}

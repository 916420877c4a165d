import type { FindDetector, Match } from '../detector.js';

/** A way to write a value down that gives away what it is. */
export interface Form {
  /** One of these must be in the text, whatever its capitals: given in small letters. */
  readonly hints: readonly string[];
  /** Everything up to the value, at most 60 characters; the first group is the word that gives it away. */
  readonly words: RegExp;
  /** Whether this is one. At most 120 characters of it are shown. */
  value(text: string, quoted: boolean): boolean;
}

/** Finds the values of these forms. Only the value is replaced, as far as it goes. */
export function namedValues(forms: readonly Form[], mixed = 0): FindDetector {
  const hints = forms.flatMap((form) => form.hints);
  return {
    kind: 'secret',
    maxLength: 200,
    body: VALUE_CHARACTER,
    characters: /\S/,
    needs: { mixed, ...(hints.length > 0 && { any: [...new Set(hints)] }) },
    find(text, from) {
      const found: Match[] = [];
      const lower = text.toLowerCase();
      for (const form of forms) if (form.hints.length === 0 || form.hints.some((hint) => lower.includes(hint))) collect(form, text, from, found);
      return inOrder(found);
    },
  };
}

const LONGEST_LEAD = 60;
const VALUE_CHARACTER = /[^\s"'`<>,;&|()[\]{}\\]/;
const VALUE = new RegExp(`${VALUE_CHARACTER.source}{1,120}`, 'y');
const TO_QUOTE: Readonly<Record<string, RegExp>> = { '"': /[^\s"]{1,120}(?=")/y, "'": /[^\s']{1,120}(?=')/y, '`': /[^\s`]{1,120}(?=`)/y };

/** What stands between the quote before `start` and the next of its kind: anything but spaces. */
function quotedAt(text: string, start: number): string | undefined {
  const pattern = TO_QUOTE[text.charAt(start - 1)];
  return pattern && (matchAt(pattern, text, start) || undefined);
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}


function collect({ words, value }: Form, text: string, from: number, found: Match[]): void {
  words.lastIndex = Math.max(0, from - LONGEST_LEAD);
  for (let word = words.exec(text); word !== null; word = words.exec(text)) {
    const lead = word[0].length;
    const start = word.index + lead;
    words.lastIndex = word.index + Math.max(1, word[1]?.length ?? lead);
    if (start < from || lead > LONGEST_LEAD) continue;
    const quoted = quotedAt(text, start);
    const candidate = quoted ?? matchAt(VALUE, text, start);
    if (!value(candidate, quoted !== undefined)) continue;
    found.push({ start, end: start + candidate.length });
    words.lastIndex = start + candidate.length;
  }
}

function inOrder(found: Match[]): readonly Match[] {
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  let end = 0;
  return found.filter((match) => {
    if (match.start < end) return false;
    end = match.end;
    return true;
  });
}

/** Not code, not a variable, not something that was hidden already. */
export function isLiteral(text: string, quoted = false): boolean {
  if (!quoted && /\$\w/.test(text)) return false;
  return !/^[$%@#+]|^\.\$|^\W+$|\$[{(]|\.\.\.|^arn:|^(?:process|os|env|self|this|config|new|function|return)\b|^\[|[*]{3}|^([x.#_-])\1{3,}|x{8}|^[0-]+$/i.test(text);
}

/** Shannon's, in bits a character. */
export function entropy(text: string): number {
  const counts = new Map<number, number>();
  for (let at = 0; at < text.length; at++) counts.set(text.charCodeAt(at), (counts.get(text.charCodeAt(at)) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

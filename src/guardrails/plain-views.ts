// What a text says once its disguise is taken off. Everything here is linear in the text.

/** Nothing to see, and models read across them: zero width, soft hyphen, marks of direction, variation selectors. */
const INVISIBLE = /\u034f|[\ufe00-\ufe0f]|[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0]/g;
/** Arabic ligatures of whole phrases, which would grow to 18 letters each. */
const PHRASE_LIGATURES = /[\ufdf0-\ufdfd]+/g;
/** The invisible copies of ASCII in the tags block: models read them, people do not see them. */
const TAGS = /[\u{e0000}-\u{e007f}]+/gu;
/** Letters of other scripts that look like Latin ones (from Unicode's confusables, those that a keyboard gives). */
const LOOKALIKES: Readonly<Record<string, string>> = {
  а: 'a', е: 'e', о: 'o', р: 'p', с: 'c', у: 'y', х: 'x', і: 'i', ѕ: 's', ј: 'j', ԁ: 'd', һ: 'h', к: 'k', м: 'm', т: 't', в: 'b', н: 'h',
  α: 'a', ε: 'e', ο: 'o', ρ: 'p', ν: 'v', ι: 'i', κ: 'k', τ: 't', υ: 'u', χ: 'x', ı: 'i',
};
const LOOKALIKE = new RegExp(`[${Object.keys(LOOKALIKES).join('')}]`);
const NOT_ASCII = /[^\0-\x7f]/;

/** 16 characters hold 12 letters: the shortest that can say something. Padding is left to the decoder. */
const BASE64 = /[A-Za-z0-9+/_-]{16,}/g;
/** Eight bytes at least, with or without something between them. */
const HEX = /(?:(?:0x|\\x|%)?[0-9a-fA-F]{2}[\s,:;-]?){8,}/g;
const SPACED = /(?<=^|[^\p{L}\p{N}])\p{L}(?:[ \t._*-]\p{L}){3,}(?=$|[^\p{L}\p{N}])/gu;

/** The text as it reads, and what is written inside it in code: hidden tags, base64, hex, spaced letters. Lower case, Latin letters without accents. */
export function plainViews(text: string): readonly string[] {
  const views = [plain(text)];
  const hidden = (text.match(TAGS) ?? []).map(fromTags).join(' ');
  if (hidden !== '') views.push(plain(hidden));
  for (const decoded of decodings(text)) {
    views.push(plain(decoded));
    // Once more: a second wrapping is common, a third is not read by models either.
    for (const inner of decodings(decoded)) views.push(plain(inner));
  }
  const spaced = text.replace(INVISIBLE, '').match(SPACED);
  if (spaced !== null) views.push(plain(spaced.map((letters) => letters.replace(/[ \t._*-]/g, '')).join(' ')));
  return views;
}

export function plain(text: string): string {
  if (!NOT_ASCII.test(text)) return text.toLowerCase();
  const plainer = text.replace(INVISIBLE, '').replace(PHRASE_LIGATURES, ' ').normalize('NFKD').replace(/\p{Mn}/gu, '').toLowerCase();
  if (!LOOKALIKE.test(plainer)) return plainer;
  let latin = plainer;
  // One letter after the other: a function for each match would take three times as long on a text full of them.
  for (const [letter, like] of Object.entries(LOOKALIKES)) latin = latin.replaceAll(letter, like);
  return latin;
}

function decodings(text: string): readonly string[] {
  const base64 = (text.match(BASE64) ?? []).map((run) => fromBase64(run));
  const hex = (text.match(HEX) ?? []).map((run) => fromHex(run));
  return [...base64, ...hex].filter((decoded) => decoded !== undefined);
}

function fromTags(run: string): string {
  return String.fromCodePoint(...[...run].slice(0, 10_000).map((tag) => (tag.codePointAt(0) ?? 0) - 0xe0000).filter((code) => code >= 0x20 && code < 0x7f));
}

function fromBase64(run: string): string | undefined {
  const standard = run.replaceAll('-', '+').replaceAll('_', '/');
  try {
    return readable(atob(standard.slice(0, standard.length - (standard.length % 4 === 1 ? 1 : 0))));
  } catch {
    return undefined; // no base64: most long words are not
  }
}

function fromHex(run: string): string | undefined {
  const digits = run.replace(/0x|\\x|[^0-9a-fA-F]/g, '');
  let bytes = '';
  for (let at = 0; at + 1 < digits.length; at += 2) bytes += String.fromCharCode(Number.parseInt(digits.slice(at, at + 2), 16));
  return readable(bytes);
}

/** Bytes that are text, not chance. */
function readable(bytes: string): string | undefined {
  let letters = 0;
  for (let at = 0; at < bytes.length; at++) {
    const code = bytes.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code === 0x0a) letters++;
  }
  return letters >= bytes.length * 0.9 ? bytes : undefined;
}

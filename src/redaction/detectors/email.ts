import { CONTEXT, type FindDetector, type Match } from '../detector.js';

/** E-mail addresses, with letters of any script: found from their `@`, so prose costs a search for one character. */
export const email: FindDetector = {
  kind: 'email',
  maxLength: 200,
  characters: /[^\s()<>[\]{}:;,\\]/,
  needs: { any: ['@'] },
  *find(text, from) {
    let end = from;
    for (let at = text.indexOf('@', from + 1); at !== -1; at = text.indexOf('@', at + 1)) {
      if (!hasDot(text, at + 1)) continue;
      const start = localStart(text, at, end);
      if (start === at || isPassword(text, start)) continue;
      const domain = DOMAIN.exec(text.slice(at + 1, at + 1 + LONGEST_DOMAIN))?.[0];
      if (domain === undefined) continue;
      end = at + 1 + domain.length;
      yield { start, end } satisfies Match;
    }
  },
};

/** RFC 5321, 4.5.3.1.1. */
const LONGEST_LOCAL = 64;
const LONGEST_DOMAIN = 135;

// Letters of other scripts may follow an ASCII top-level domain without a space (Chinese, Thai): they are not part of it.
const LABELS = String.raw`(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,62})\.){1,8}`;
const DOMAIN = new RegExp(String.raw`^${LABELS}(?:xn--[A-Za-z0-9-]{2,59}|[A-Za-z]{2,24}|\p{L}{2,24})`, 'u');
const LOCAL = /[\p{L}\p{N}\w.+%|&'*~^-]/u;
const NO_SPACES_BETWEEN_WORDS = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Hangul}]+(?=[A-Za-z0-9])/u;

/** What may stand between quotes: spaces may, by RFC 5321, and do in no address that anyone has. */
const QUOTED = /^[^\s()<>[\]{}:;,\\"]{1,62}$/;
const USER_OF_A_URL = /:\/\/[^\s/@]{0,60}:$/;

/** In `https://user:password@host` no address begins behind the colon. */
function isPassword(text: string, start: number): boolean {
  return text[start - 1] === ':' && USER_OF_A_URL.test(text.slice(Math.max(0, start - CONTEXT), start));
}

function localStart(text: string, at: number, from: number): number {
  const earliest = Math.max(from, at - LONGEST_LOCAL);
  if (text[at - 1] === '"') {
    const open = text.lastIndexOf('"', at - 2);
    return open >= earliest && QUOTED.test(text.slice(open + 1, at - 1)) ? open : at;
  }
  let start = at;
  while (start > earliest && isLocal(text, start - 1)) start--;
  if (text.charCodeAt(start) > 127) start += NO_SPACES_BETWEEN_WORDS.exec(text.slice(start, at))?.[0].length ?? 0;
  while (start < at && NOT_FIRST.includes(text.charAt(start))) start++;
  return start;
}

const NOT_FIRST = ".'*|&~^-";
const ASCII_LOCAL = Array.from({ length: 128 }, (_, code) => LOCAL.test(String.fromCharCode(code)));

function isLocal(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code < 128 ? ASCII_LOCAL[code] === true : LOCAL.test(text.charAt(at));
}

/** A look at what may be a domain, before anything dearer. */
function hasDot(text: string, from: number): boolean {
  const stop = Math.min(text.length, from + LONGEST_DOMAIN);
  for (let at = from; at < stop; at++) {
    const code = text.charCodeAt(at);
    if (code === 46) return at > from;
    if (code < 128 && code !== 45 && ASCII_LOCAL[code] !== true) return false;
  }
  return false;
}

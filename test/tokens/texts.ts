import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { LANGUAGES } from './languages.ts';

/** Numbers from 0 up to 1, the same for the same seed. */
export type Random = () => number;

export function seeded(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Makes a text of about `length` characters. */
type Maker = (random: Random, length: number) => string;

const root = path.resolve(import.meta.dirname, '../..');
const own = (pattern: string): readonly string[] => globSync(pattern, { cwd: root }).toSorted().map((file) => readFileSync(path.join(root, file), 'utf8'));
const SOURCES = own('src/**/*.ts');
const DOCUMENTS = [...own('docs/**/*.md'), ...own('*.md')];
const OTHER_LANGUAGES = Object.keys(LANGUAGES).filter((language) => language !== 'English');
const NAMES = ['id', 'name', 'type', 'value', 'description', 'items', 'createdAt', 'user_id', 'price', 'enabled', 'parameters', 'required', 'properties', 'städte', 'total-count'];
const EMOJI = ['😀', '🎉', '👍', '🚀', '❤️', '👨‍👩‍👧', '🏳️‍🌈', '👩🏽‍💻', '🇩🇪', '🧬', '🪼', '✅', '⚠️', '1️⃣'];

/** By kind. Every text comes from here or from files of this repository. */
export const TEXTS: Readonly<Record<string, Maker>> = {
  English: (random, length) => sentences(LANGUAGES['English'] ?? '', random, length),
  'English words in any order': (random, length) => words(LANGUAGES['English'] ?? '', random, length),
  Markdown: (random, length) => excerpt(DOCUMENTS, random, length),
  TypeScript: (random, length) => excerpt(SOURCES, random, length),
  JSON: (random, length) => repeat(length, () => JSON.stringify(anyValue(random, 3))),
  'JSON, indented': (random, length) => repeat(length, () => JSON.stringify(anyValue(random, 3), null, 2)),
  HTML: (random, length) => repeat(length, () => `<li class="item ${pick(NAMES, random)}"><a href="/${pick(NAMES, random)}?page=${digit(random)}">${words(LANGUAGES['English'] ?? '', random, 20)}</a></li>\n`),
  'log lines': (random, length) =>
    repeat(length, () => `2026-0${1 + digit(random) % 9}-1${digit(random)}T0${digit(random)}:${digits(random, 2)}:${digits(random, 2)}.${digits(random, 3)}Z INFO [worker-${digit(random)}] ${pick(NAMES, random)}=${digits(random, 5)} took ${digits(random, 3)} ms\n`),
  'numbers and tables': (random, length) => repeat(length, () => `${digits(random, 1 + digit(random))}${pick([',', '.', ';', '\t', ' | ', '\n'], random)}`),
  'addresses on the web': (random, length) => repeat(length, () => `https://www.example.com/${pick(NAMES, random)}/${letters(random, 8, 'abcdefghijklmnopqrstuvwxyz0123456789')}?q=${pick(NAMES, random)}%20${digits(random, 3)} `),
  UUIDs: (random, length) => repeat(length, () => `${[8, 4, 4, 4, 12].map((size) => letters(random, size, '0123456789abcdef')).join('-')} `),
  base64: (random, length) => letters(random, length, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  hexadecimal: (random, length) => letters(random, length, '0123456789abcdef'),
  'random small letters': (random, length) => letters(random, length, 'abcdefghijklmnopqrstuvwxyz'),
  'random words': (random, length) => repeat(length, () => `${letters(random, 1 + Math.floor(random() * 12), 'abcdefghijklmnopqrstuvwxyz')} `),
  CAPITALS: (random, length) => sentences(LANGUAGES['English'] ?? '', random, length).toUpperCase(),
  'random printable ASCII': (random, length) => repeat(length, () => String.fromCharCode(32 + Math.floor(random() * 95))),
  'white space': (random, length) => repeat(length, () => pick([' ', '\n', '\t', '\r\n'], random).repeat(1 + Math.floor(random() * 40)) + (random() < 0.3 ? 'x' : '')),
  emoji: (random, length) => repeat(length, () => pick(EMOJI, random) + (random() < 0.2 ? ' ' : '')),
  'random Unicode': (random, length) => repeat(length, () => String.fromCodePoint(plainCodePoint(random))),
  'half characters': (random, length) => repeat(length, () => String.fromCharCode(0xd800 + Math.floor(random() * 0x800)) + (random() < 0.3 ? 'a' : '')),
  'a mixture': (random, length) => repeat(length, () => `${(TEXTS[pick(Object.keys(TEXTS).slice(0, 12), random)] as Maker)(random, 60)} `), // one of its own keys
};

/** The same for languages but English. */
export const LANGUAGE_TEXTS: Readonly<Record<string, Maker>> = Object.fromEntries(OTHER_LANGUAGES.map((language) => [language, (random, length) => sentences(LANGUAGES[language] ?? '', random, length)]));

function sentences(text: string, random: Random, length: number): string {
  const all = text.split(/(?<=[.。।።։])\s*/).filter((sentence) => sentence !== '');
  const separator = /[。ก-๛]/.test(text) ? '' : ' ';
  return repeat(length, () => pick(all, random) + separator);
}

function words(text: string, random: Random, length: number): string {
  const all = text.split(' ');
  return repeat(length, () => `${pick(all, random)} `);
}

function excerpt(texts: readonly string[], random: Random, length: number): string {
  return repeat(length, () => {
    const text = pick(texts, random);
    const from = Math.floor(random() * Math.max(1, text.length - length));
    return text.slice(from, from + length);
  });
}

function anyValue(random: Random, depth: number): unknown {
  const kind = Math.floor(random() * (depth > 0 ? 7 : 5));
  if (kind === 0) return Math.floor(random() * 100_000) / 100;
  if (kind === 1) return random() < 0.5;
  if (kind === 2) return null;
  if (kind <= 4) return words(LANGUAGES['English'] ?? '', random, 5 + random() * 60).trim();
  const size = 1 + Math.floor(random() * 5);
  if (kind === 5) return Array.from({ length: size }, () => anyValue(random, depth - 1));
  return Object.fromEntries(Array.from({ length: size }, () => [pick(NAMES, random), anyValue(random, depth - 1)]));
}

function repeat(length: number, make: () => string): string {
  const parts: string[] = [];
  for (let made = 0; made < length; ) {
    const part = make();
    parts.push(part);
    made += Math.max(1, part.length);
  }
  return parts.join('').slice(0, Math.max(1, Math.floor(length)));
}

function letters(random: Random, length: number, alphabet: string): string {
  return Array.from({ length: Math.max(1, Math.floor(length)) }, () => alphabet[Math.floor(random() * alphabet.length)]).join('');
}

function digits(random: Random, length: number): string {
  return letters(random, length, '0123456789');
}

function digit(random: Random): number {
  return Math.floor(random() * 10);
}

function plainCodePoint(random: Random): number {
  const codePoint = Math.floor(random() * (random() < 0.8 ? 0x10000 : 0x30000));
  return codePoint >= 0xd800 && codePoint <= 0xdfff ? 0x61 : codePoint;
}

function pick<T>(from: readonly T[], random: Random): T {
  return from[Math.floor(random() * from.length)] as T; // never empty here
}

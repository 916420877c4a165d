import { seeded } from './texts.ts';

/** Texts of about `bytes` bytes of UTF-8, each of a shape that some tokenizer or regular expression has been slow with. */
export const HOSTILE: Readonly<Record<string, (bytes: number) => string>> = {
  'one small letter': (bytes) => 'a'.repeat(bytes),
  'one capital': (bytes) => 'A'.repeat(bytes),
  spaces: (bytes) => ' '.repeat(bytes),
  'spaces, then a word': (bytes) => `${' '.repeat(bytes - 1)}x`,
  'line breaks': (bytes) => '\n'.repeat(bytes),
  'spaces and tabs in turn': (bytes) => ' \t'.repeat(bytes / 2),
  'one symbol': (bytes) => '^'.repeat(bytes),
  slashes: (bytes) => '/'.repeat(bytes),
  'random small letters': (bytes) => random(bytes, 'abcdefghijklmnopqrstuvwxyz'),
  'random base64': (bytes) => random(bytes, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'),
  'random symbols': (bytes) => random(bytes, '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'),
  'random digits': (bytes) => random(bytes, '0123456789'),
  'letters and digits in turn': (bytes) => 'a1'.repeat(bytes / 2),
  'small and capital in turn': (bytes) => 'aA'.repeat(bytes / 2),
  'special tokens': (bytes) => '<|endoftext|>'.repeat(bytes / 13),
  'apostrophes and endings': (bytes) => "'s'll're".repeat(bytes / 8),
  'marks without a letter': (bytes) => '\u0301'.repeat(bytes / 2),
  'random Chinese': (bytes) => random(bytes / 3, Array.from({ length: 20_000 }, (_, at) => String.fromCharCode(0x4e00 + at)).join('')),
  'a family of emoji': (bytes) => '👨‍👩‍👧'.repeat(bytes / 18),
  'half characters': (bytes) => '\ud800'.repeat(bytes / 3),
  'random Unicode': (bytes) => random(bytes / 2.8, Array.from({ length: 0xf000 }, (_, at) => String.fromCharCode(at)).join('')),
  'mathematical letters': (bytes) => String.fromCodePoint(...Array.from({ length: 900 }, (_, at) => 0x1d400 + at)).repeat(bytes / 3600),
};

function random(length: number, alphabet: string): string {
  const next = seeded(1);
  return Array.from({ length: Math.floor(length) }, () => alphabet.charAt(Math.floor(next() * alphabet.length))).join('');
}

import type { PatternDetector } from '../detector.js';

/** Private keys in PEM, OpenSSH and PGP. One that was cut off is replaced as far as it goes. */
export const privateKey: PatternDetector = {
  kind: 'private-key',
  maxLength: 100,
  pattern: /-----BEGIN ?(?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[A-Za-z0-9+/=\s\\:,.()-]{9}/,
  body: (text, at) => BODY.test(text.charAt(at)) && !isClosed(text, at),
  begins: /-----BEG/,
  needs: { any: ['private key'] },
  accepts: (value) => !value.includes('-----END'),
};

const BODY = /[A-Za-z0-9+/=\s\\:,.()-]/;
const LAST_LINE = /-----END[A-Z0-9 ]{1,40}-----$/;

/** Right behind the last line. It ends in five dashes, not six: a long row of them is looked at once. */
function isClosed(text: string, at: number): boolean {
  return text.charAt(at - 1) === '-' && text.charAt(at - 6) !== '-' && LAST_LINE.test(text.slice(Math.max(0, at - 64), at));
}

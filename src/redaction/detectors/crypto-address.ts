import { nodeCrypto } from '../../built-in.js';
import type { PatternDetector } from '../detector.js';

/** Addresses of Bitcoin in its older form. A mistyped one has a wrong checksum, and is one all the same: capitals, small letters and digits will do. */
export const bitcoin: PatternDetector = {
  kind: 'crypto-address',
  maxLength: 35,
  pattern: /(?<![A-Za-z0-9])[13][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/,
  characters: /[A-Za-z0-9]/,
  needs: { mixed: 26 },
  accepts: (value) => /[A-Z]/.test(value) && /[a-z]/.test(value) && /.\d/.test(value),
};

/** The same of test networks, whose first letters begin many words: base58 with its checksum. */
export const bitcoinTest: PatternDetector = {
  kind: 'crypto-address',
  maxLength: 35,
  pattern: /(?<![A-Za-z0-9])[2mn][1-9A-HJ-NP-Za-km-z]{25,34}(?![A-Za-z0-9])/,
  characters: /[A-Za-z0-9]/,
  needs: { mixed: 26 },
  accepts: isBase58Check,
};

/** Addresses of Bitcoin in its newer form: bech32 and bech32m, BIP 173 and 350. */
export const segwit: PatternDetector = {
  kind: 'crypto-address',
  maxLength: 92,
  pattern: /(?<![A-Za-z0-9])(?:(?:bc|tb|bcrt)1[02-9ac-hj-np-z]{11,87}|(?:BC|TB|BCRT)1[02-9AC-HJ-NP-Z]{11,87})(?![A-Za-z0-9])/,
  characters: /[A-Za-z0-9]/,
  needs: { mixed: 14 },
  accepts: (value) => isBech32(value.toLowerCase()),
};

/** Addresses of Ethereum. The case may carry a checksum (EIP-55), and often does not. */
export const ethereum: PatternDetector = {
  kind: 'crypto-address',
  maxLength: 42,
  pattern: /(?<![A-Za-z0-9])0x[\dA-Fa-f]{40}(?![A-Za-z0-9])/,
  characters: /[A-Za-z0-9]/,
  needs: { mixed: 42 },
};

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** 25 bytes, of which the last four are the beginning of a double SHA-256 of the others. */
function isBase58Check(value: string): boolean {
  const bytes = Buffer.alloc(25);
  for (const character of value) {
    let carry = BASE58.indexOf(character);
    for (let at = bytes.length - 1; at >= 0; at--) {
      carry += 58 * (bytes[at] ?? 0);
      bytes[at] = carry & 0xff;
      carry >>= 8;
    }
    if (carry !== 0) return false;
  }
  const once = nodeCrypto().createHash('sha256').update(bytes.subarray(0, 21)).digest();
  return nodeCrypto().createHash('sha256').update(once).digest().subarray(0, 4).equals(bytes.subarray(21));
}

function isBech32(value: string): boolean {
  const at = value.lastIndexOf('1');
  const prefix = Array.from(value.slice(0, at), (character) => character.charCodeAt(0));
  const values = [...prefix.map((code) => code >> 5), 0, ...prefix.map((code) => code & 31), ...Array.from(value.slice(at + 1), (character) => BECH32.indexOf(character))];
  let check = 1;
  for (const next of values) {
    const top = check >> 25;
    check = ((check & 0x1ffffff) << 5) ^ next;
    GENERATOR.forEach((factor, bit) => {
      if (((top >> bit) & 1) === 1) check ^= factor;
    });
  }
  return check === 1 || check === 0x2bc830a3;
}

const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

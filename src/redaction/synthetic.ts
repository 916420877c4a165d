import { luhnDigit, ibanCheckDigits } from './checksums.js';

/**
 * A value of the same shape that belongs to nobody: example.com (RFC 2606), 555-01xx numbers (reserved by the North American
 * Numbering Plan for fiction), the 4111 11 range that card networks give out for tests, addresses for documentation (RFC 5737,
 * RFC 3849, RFC 7042), social security numbers from an area that is never assigned. `number` tells values apart.
 */
export function synthesize(kind: string, value: string, number: number): string {
  return MAKERS[kind]?.(value, number) ?? inShapeOf(value, `${number}`);
}

const MAKERS: Readonly<Record<string, (value: string, number: number) => string>> = {
  email: (_value, number) => `person${number}@example.com`,
  phone: (value, number) => `${value.startsWith('+') ? '+1 ' : ''}${200 + (Math.floor(number / 100) % 700)}-555-01${pad(number % 100, 2)}`,
  card: (value, number) => {
    const body = `411111${pad(number, 9)}`;
    return grouped(`${body}${luhnDigit(body)}`, /\D/.exec(value)?.[0]);
  },
  iban: (value, number) => {
    const country = value.slice(0, 2).toUpperCase();
    const length = value.replace(/[^A-Za-z0-9]/g, '').length - 4;
    const account = pad(number, length);
    return grouped(`${country}${ibanCheckDigits(country, account)}${account}`, /[ -]/.exec(value)?.[0]);
  },
  ip: (value, number) => (value.includes(':') ? `2001:db8::${(number % 65_536).toString(16)}` : `192.0.2.${number % 256}`),
  mac: (value, number) => ['00', '00', '5e', '00', '53', pad(number % 256, 2, 16)].join(/[:. -]/.exec(value)?.[0] === '-' ? '-' : ':'),
  'us-ssn': (value, number) => ['900', '00', pad(number % 10_000, 4)].join(/\D/.exec(value)?.[0] ?? ''),
  'birth-date': () => '1900-01-01',
  'url-credentials': (_value, number) => `user${number}:password`,
};

/** Zeros and x, with the number at its end. */
function inShapeOf(value: string, number: string): string {
  const shape = value.slice(0, LONGEST).replace(/\d/g, '0').replace(/[a-z]/g, 'x').replace(/[A-Z]/g, 'X');
  return shape.length > number.length ? shape.slice(0, -number.length) + number : number;
}

const LONGEST = 64;

function pad(value: number, length: number, radix = 10): string {
  return value.toString(radix).padStart(length, '0').slice(-length);
}

function grouped(text: string, separator: string | undefined): string {
  return separator === undefined ? text : (text.match(/.{1,4}/g) ?? []).join(separator);
}

/** Luhn, ISO/IEC 7812-1: payment cards and many national numbers. What is no digit is passed over. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  let even = false;
  for (let at = digits.length - 1; at >= 0; at--) {
    const digit = digits.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) continue;
    sum += !even ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
    even = !even;
  }
  return sum % 10 === 0;
}

/** The digit that makes `digits` pass when it is put at their end. */
export function luhnDigit(digits: string): string {
  for (let digit = 0; digit < 9; digit++) if (isLuhn(`${digits}${digit}`)) return `${digit}`;
  return '9';
}

/** The sum of each digit times its weight. */
export function weighted(digits: string, weights: readonly number[]): number {
  let sum = 0;
  for (let at = 0; at < weights.length; at++) sum += (weights[at] ?? 0) * digitAt(digits, at);
  return sum;
}

/** ISO 7064 mod 97-10 over letters and digits, A being 10: IBANs. */
export function mod97(text: string): number {
  let rest = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const value = code < 58 ? code - 48 : (code & 31) + 9; // letters of both cases
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest;
}

export function ibanCheckDigits(country: string, account: string): string {
  return `${98 - mod97(`${account}${country}00`)}`.padStart(2, '0');
}

/** ISO 7064 mod 11,10: German tax ids. */
export function isMod11And10(digits: string): boolean {
  let product = 10;
  for (let at = 0; at < digits.length - 1; at++) {
    const sum = (digitAt(digits, at) + product) % 10 || 10;
    product = (sum * 2) % 11;
  }
  return (11 - product) % 10 === digitAt(digits, digits.length - 1);
}

/** Verhoeff's dihedral check: Aadhaar, Nigerian NIN. */
export function isVerhoeff(digits: string): boolean {
  let check = 0;
  for (let at = 0; at < digits.length; at++) {
    const digit = digitAt(digits, digits.length - 1 - at);
    check = dihedral(check, permuted(digit, at % 8));
  }
  return check === 0;
}

/** The product of two elements of the dihedral group of order ten. */
function dihedral(a: number, b: number): number {
  if (a < 5) return b < 5 ? (a + b) % 5 : ((a + b - 5) % 5) + 5;
  return b < 5 ? ((a - 5 - b + 5) % 5) + 5 : (a - b + 5) % 5;
}

/** Verhoeff's permutation, applied so many times. */
function permuted(digit: number, times: number): number {
  let value = digit;
  for (let time = 0; time < times; time++) value = PERMUTATION[value] ?? 0;
  return value;
}

const PERMUTATION = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/** A day that is in the calendar. Without a century, 29 February is one. */
export function isDay(year: number | undefined, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year ?? 2000, month, 0)).getUTCDate();
}

export function digitsOf(text: string): string {
  return text.replace(/\D/g, '');
}

export function digitAt(digits: string, at: number): number {
  return digits.charCodeAt(at) - 48;
}

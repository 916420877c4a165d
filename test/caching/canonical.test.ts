import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '../../src/caching/canonical.js';
import { digestOf } from '../../src/caching/digest.js';
import { hostile } from './hostile-values.js';

function textOf(value: unknown): string {
  const made = canonical(value);
  if ('why' in made) throw new Error(made.why);
  return made.text;
}

const whyOf = (value: unknown): unknown => canonical(value);

describe('the canonical form', () => {
  it(`keeps ${hostile.length} values apart, every one from every other, that other forms take for one`, () => {
    const texts = new Map<string, unknown>();
    for (const value of hostile) {
      const digest = digestOf(textOf(value));
      if (texts.has(digest)) expect.fail(`these are one: ${JSON.stringify(texts.get(digest))} and ${JSON.stringify(value)}`);
      texts.set(digest, value);
    }
    expect(texts.size).toBe(hostile.length);
  });

  const unit = fc.oneof({ weight: 4, arbitrary: fc.constantFrom('a', 'b', ':', '"', '0', '1', ';', 's') }, fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)));
  const key = fc.oneof(fc.constantFrom('', 'a', 'b', '__proto__', 'constructor', 'toString', '0'), fc.string({ unit, maxLength: 4 }));
  const value = fc.anything({
    key,
    values: [fc.string({ unit, maxLength: 6 }), fc.double(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined, -0, NaN, '', 'null', 'undefined', '0', new Uint8Array([1]), new Uint8Array(0))],
    withSparseArray: true,
    maxDepth: 3,
  });

  it('is the same for two values exactly when they are deeply equal', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        expect(textOf(a) === textOf(b)).toBe(isDeepStrictEqual(a, b));
      }),
      { numRuns: 3000 },
    );
  });

  it('does not depend on the order of properties, at any depth', () => {
    fc.assert(
      fc.property(value, (a) => {
        expect(textOf(reversed(a))).toBe(textOf(a));
      }),
      { numRuns: 2000 },
    );
  });

  it('tells strings apart that differ past where they stand as a digest', () => {
    const long = 'x'.repeat(5000);
    const texts = [long, `${long}a`, `${long}b`, `${long}\ud800`, `${long}\udc00`, `${long}\ufffd`, `${long}é`, `d5000:${digestOf(long)}`].map((one) => textOf(one));
    expect(new Set(texts).size).toBe(texts.length);
    expect(textOf(long).length).toBeLessThan(100);
  });

  it('takes bytes by what they are, whoever holds them', () => {
    const bytes = new Uint8Array([0, 1, 2, 3, 4]);
    expect(textOf(Buffer.from([1, 2, 3]))).toBe(textOf(bytes.subarray(1, 4)));
  });

  it.each<[string, unknown, string]>([
    ['a function', { a: () => 1 }, 'it holds a function'],
    ['a symbol', [Symbol('s')], 'it holds a symbol'],
    ['a bigint', { a: 1n }, 'it holds a bigint'],
    ['a Map', { a: new Map([['a', 1]]) }, 'it holds an object that is not plain JSON'],
    ['a Date', { a: new Date(0) }, 'it holds an object that is not plain JSON'],
    ['numbers of another type', { a: new Float32Array(2) }, 'it holds an object that is not plain JSON'],
    ['an instance of a class', { a: new URL('https://example.com') }, 'it holds an object that is not plain JSON'],
    ['what inherits from a plain object', { a: Object.create({ b: 1 }) as object }, 'it holds an object that is not plain JSON'],
    ['a getter that throws', Object.defineProperty({}, 'a', { enumerable: true, get: () => { throw new Error('no'); } }), 'it cannot be read'],
  ])('has none for %s, and says why', (_name, value, why) => {
    expect(whyOf(value)).toEqual({ why });
  });

  it('has none for what contains itself, once or twice, and is quick to say so', () => {
    const once: unknown[] = [];
    once.push(once);
    const twice: Record<string, unknown> = {};
    Object.assign(twice, { a: twice, b: twice });
    const startedAt = performance.now();
    expect(whyOf(once)).toEqual({ why: 'it holds more than 200 levels' });
    expect(whyOf(twice)).toEqual({ why: 'it holds more than 200 levels' });
    let wide: unknown = 1;
    for (let level = 0; level < 100; level++) wide = [wide, wide];
    expect(whyOf(wide)).toEqual({ why: 'it holds more than 200000 values' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it('leaves Object.prototype as it was', () => {
    textOf(JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}'));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

/** The same with the properties of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    const copy: unknown[] = [];
    copy.length = value.length;
    value.forEach((inner, at) => (copy[at] = reversed(inner)));
    return copy;
  }
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const copy = {};
  for (const [name, inner] of Object.entries(value).toReversed()) Object.defineProperty(copy, name, { value: reversed(inner), enumerable: true, configurable: true, writable: true });
  return copy;
}

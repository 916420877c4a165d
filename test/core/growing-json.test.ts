import fc from 'fast-check';
import type { Json } from 'headgate';
import { describe, expect, it } from 'vitest';
import { createGrowingJson } from '../../src/core/growing-json.js';
import { ask, begin, failure, finish, gatewayOf, streaming, text } from '../support/adapters.js';

/** Every value on the way, one character at a time. */
function growth(json: string): Json[] {
  const growing = createGrowingJson();
  return [...json].flatMap((character) => (growing.push(character) ? [growing.value() as Json] : []));
}

function whole(pieces: readonly string[]): Json | undefined {
  const growing = createGrowingJson();
  for (const piece of pieces) growing.push(piece);
  return growing.value();
}

function cut(json: string, places: readonly number[]): string[] {
  const ends = [...places.map((place) => place % (json.length + 1)), json.length].toSorted((a, b) => a - b);
  return ends.map((end, at) => json.slice(ends[at - 1] ?? 0, end));
}

const document = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));

describe('JSON as it grows', () => {
  it('shows strings as far as they have come, and numbers, literals and names only when they are whole', () => {
    expect(growth('{"a":"xy","b":[12,true]}')).toEqual([
      {}, { a: '' }, { a: 'x' }, { a: 'xy' }, { a: 'xy', b: [] }, { a: 'xy', b: [12] }, { a: 'xy', b: [12, true] },
    ]);
  });

  it('ends with what JSON.parse gives, however it was cut and indented', () => {
    fc.assert(
      fc.property(document, fc.array(fc.nat()), fc.constantFrom(0, 2), (value, places, indent) => {
        const json = JSON.stringify(value, null, indent);
        expect(whole(cut(json, places))).toEqual(JSON.parse(json));
      }),
    );
  });

  it('never changes what it gave out, and each value is the beginning of the next', () => {
    fc.assert(
      fc.property(document, (value) => {
        const seen = growth(JSON.stringify(value));
        const before = JSON.stringify(seen);
        for (let at = 1; at < seen.length; at++) expect(begins(seen[at - 1] as Json, seen[at] as Json)).toBe(true);
        expect(JSON.stringify(seen)).toBe(before);
      }),
    );
  });

  it('looks past a fence or a sentence before it, and ignores what follows', () => {
    expect(whole(['Here it is:\n```json\n', '{"a":1}', '\n```\nand {"b":2}'])).toEqual({ a: 1 });
  });

  it('takes a member named __proto__ for a member', () => {
    const value = whole(['{"__proto__":{"admin":true},"a":{"__proto__":', '"half']) as Record<string, object>;
    expect(Object.keys(value)).toEqual(['__proto__', 'a']);
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it.each(['', 'no JSON at all', '{]', '[1,,2', '{"a" 1}', '[nope]', '{"a":"\\u12', `[${'1'.repeat(5000)}`])('never throws for %j', (json) => {
    expect(() => growth(json)).not.toThrow();
  });

  it('stops at a depth that no answer has', () => {
    const growing = createGrowingJson();
    growing.push('['.repeat(100_000));
    expect(JSON.stringify(growing.value()).length).toBe(400);
  });

  it('reads a long text of escapes in one piece in linear time', () => {
    const json = JSON.stringify(['\\"\n'.repeat(200_000)]);
    const startedAt = performance.now();
    expect(whole([json])).toEqual(JSON.parse(json));
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });
});

describe('stream.objects()', () => {
  it('gives the structured answer as it grows, from text alone', async () => {
    const events = [begin, { type: 'reasoning-delta' as const, text: '{"no":1}' }, text('{"name":"Be'), text('rn","people":13'), text('4000}'), finish];
    const seen: Json[] = [];
    for await (const value of gatewayOf(streaming(events)).stream({ ...ask, output: { type: 'json' } }).objects()) seen.push(value);
    expect(seen).toEqual([{ name: 'Be' }, { name: 'Bern' }, { name: 'Bern', people: 134_000 }]);
  });

  it('gives nothing for text that is no JSON, and throws what reading would throw', async () => {
    expect(await all(gatewayOf(streaming([begin, text('Bern.'), finish])).stream(ask).objects())).toEqual([]);
    expect(await failure(all(gatewayOf(streaming([begin, text('{"a":1')])).stream(ask).objects()))).toMatchObject({ code: 'stream_interrupted' });
  });

  it('is the one reader: leaving it ends the stream', async () => {
    const stream = gatewayOf(streaming([begin, text('{"a":"x'), text('y"}'), finish])).stream(ask);
    for await (const value of stream.objects()) {
      expect(value).toEqual({ a: 'x' });
      break;
    }
    expect(await failure(stream.response())).toMatchObject({ code: 'cancelled' });
  });
});

async function all(values: AsyncIterable<Json>): Promise<Json[]> {
  const seen: Json[] = [];
  for await (const value of values) seen.push(value);
  return seen;
}

/** True when `after` only adds to `before`. */
function begins(before: Json, after: Json): boolean {
  if (typeof before === 'string') return typeof after === 'string' && after.startsWith(before);
  if (Array.isArray(before)) return Array.isArray(after) && before.every((item, at) => begins(item as Json, after[at] as Json));
  if (typeof before === 'object' && before !== null) return typeof after === 'object' && after !== null && Object.entries(before).every(([key, value]) => begins(value, (after as Record<string, Json>)[key] as Json));
  return before === after;
}

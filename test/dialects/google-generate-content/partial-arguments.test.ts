import { array, assert, boolean, constant, constantFrom, dictionary, double, integer, letrec, oneof, property, string } from 'fast-check';
import { expect, it } from 'vitest';
import { createArgumentWriter } from '../../../src/dialects/google-generate-content/partial-arguments.js';

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

const leaf = oneof(string({ unit: 'binary' }), double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0), boolean(), constant(null));
// An empty object or list has no leaf, so this wire cannot say it.
const { value } = letrec<{ value: Value; list: readonly Value[]; object: { readonly [key: string]: Value } }>((tie) => ({
  value: oneof({ maxDepth: 4 }, leaf, tie('list'), tie('object')),
  list: array(tie('value'), { minLength: 1, maxLength: 4 }),
  object: dictionary(oneof(string(), constantFrom('__proto__', 'a', "it's", 'a"b', 'back\\slash')), tie('value'), { minKeys: 1, maxKeys: 4 }),
}));
const object = dictionary(string(), value, { minKeys: 1, maxKeys: 4 });

it('writes any arguments as JSON, however their texts are cut into pieces', () => {
  assert(
    property(object, integer({ min: 1, max: 5 }), (argument, size) => {
      const writer = createArgumentWriter();
      let text = '';
      for (const piece of piecesOf(argument, '$', size)) text += writer.write([piece]);
      text += writer.end();
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(argument)));
    }),
  );
});

it('writes nothing for a call without arguments', () => {
  const writer = createArgumentWriter();
  expect([writer.write(undefined), writer.write([]), writer.end()]).toEqual(['', '', '']);
});

it('reads a name with and without quotes as the same place', () => {
  const writer = createArgumentWriter();
  const text = [writer.write([{ jsonPath: '$.a.b', numberValue: 1 }]), writer.write([{ jsonPath: "$['a'][\"c\"]", nullValue: 'NULL_VALUE' }]), writer.end()].join('');
  expect(text).toBe('{"a":{"b":1,"c":null}}');
});

it('takes a megabyte of path without hanging', () => {
  const started = performance.now();
  expect(createArgumentWriter().write([{ jsonPath: `$${"['".repeat(500_000)}`, numberValue: 1 }])).toBeUndefined();
  expect(createArgumentWriter().write([{ jsonPath: `$['${'\\\\'.repeat(500_000)}`, numberValue: 1 }])).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(1000);
});

/** The leaves of a value in order, texts in pieces of `size` UTF-16 units: surrogates may be torn apart. */
function piecesOf(from: Value, path: string, size: number): readonly object[] {
  if (Array.isArray(from)) return (from as readonly Value[]).flatMap((item, at) => piecesOf(item, `${path}[${at}]`, size));
  if (typeof from === 'object' && from !== null) {
    return Object.entries(from).flatMap(([key, item]) => piecesOf(item, `${path}['${JSON.stringify(key).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", String.raw`\'`)}']`, size));
  }
  if (from === null) return [{ jsonPath: path, nullValue: 'NULL_VALUE' }];
  if (typeof from === 'number') return [{ jsonPath: path, numberValue: from }];
  if (typeof from === 'boolean') return [{ jsonPath: path, boolValue: from }];
  const count = Math.max(1, Math.ceil(from.length / size));
  return Array.from({ length: count }, (_, at) => ({ jsonPath: path, stringValue: from.slice(at * size, (at + 1) * size), ...(at < count - 1 && { willContinue: true }) }));
}

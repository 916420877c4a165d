// Values that some form or hash of them takes for another: JSON.stringify, joins, UTF-8, numbers read back, merged keys.
const parsed = (json: string): unknown => JSON.parse(json);
const nested = (levels: number): unknown => Array.from({ length: levels }).reduce<unknown>((inner) => [inner], []);
const holes = (length: number): unknown[] => {
  const list: unknown[] = [];
  list.length = length;
  return list;
};

/** All different from one another. */
export const hostile: readonly unknown[] = [
  undefined, null, 'null', 'undefined', '', ' ', false, true, 'false', 'true', 0, -0, 1, '0', '-0', '1', NaN, 'NaN', Infinity, -Infinity, 'Infinity', 1e21, '1e21', 1e-7,
  2 ** 53, 2 ** 53 + 2, '9007199254740992', '9007199254740993', 0.1, 0.1 + 0.2, 0.3, Number.MIN_VALUE, Number.MAX_VALUE, 5e-324 * 2,
  '\ud800', '\udc00', '\ufffd', '\ud800\ud800', '\ud800\udc00', '\udc00\ud800', '\ufffd\ufffd', '"\\ud800"', '\\ud800', 'ÿ', '\u00ff\u0000', '\u0000', '\u0000\u0000',
  'é', 'e\u0301', 'ﬀ', 'ff', 'K', '\u212a', 'a', 'A', 'а', 'a\u200b', 'a\n', 'a\r\n', 'a\r', '\u6161', 'aa', '\u3a61',
  [], {}, [[]], [{}], [[], []], [[[]]], [undefined], [null], holes(1), holes(2), [undefined, undefined], [null, null], [0], ['0'], [NaN], [-0], [''], ['', ''], [' '],
  ['a', 'b'], ['ab'], ['a,b'], ['a', 'b', ''], ['', 'a', 'b'], ['a|b'], ['b', 'a'], [['a'], 'b'], [['a', 'b']], ['a', ['b']], 'ab', 'a,b', 'a|b', '["a","b"]', '[]', '{}',
  ['as:', 'b'], ['a', 's:b'], ['as', 'b'], ['a', 'sb'], ['s1:a'], ['a', 's1:a'], 's1:a', 'l1:s1:a', ['l1:s1:a'], 'n1;', 'z', 'u', 'h', 't', 'f', ['n1;'], ['1', 1], [1, '1'], [1, 1], [11], ['11'], [1, 1, 1], [1, 11], [11, 1],
  { a: undefined }, { a: null }, { a: '' }, { a: 0 }, { a: -0 }, { a: NaN }, { a: false }, { a: {} }, { a: [] }, { a: 'undefined' }, { a: holes(1) }, { a: [undefined] },
  { a: 1 }, { a: '1' }, { A: 1 }, { 'a ': 1 }, { '': 1 }, { '': '' }, { a: 1, b: 2 }, { a: 2, b: 1 }, { 'a:1,b': 2 }, { a: '1,b:2' }, { 'a"': 1 }, { 'a\\"': 1 }, { 0: 'a' }, { 1: 'a' }, { 0: 'a', length: 1 },
  { a: { b: 1 } }, { 'a.b': 1 }, { a: { b: 1 }, c: 1 }, { a: { b: 1, c: 1 } }, { a: { b: {}, c: 1 } }, { a: { b: { c: 1 } } }, { 'a[0]': 1 }, { a: [1] }, [['a', 1]], [['a', 1], ['b', 2]], ['a', 1],
  parsed('{"__proto__": 1}'), parsed('{"__proto__": {}}'), parsed('{"__proto__": {"a": 1}}'), parsed('{"__proto__": null}'), parsed('{"constructor": 1}'), parsed('{"prototype": 1}'), parsed('{"toJSON": "a"}'), parsed('{"a": {"__proto__": {"a": 1}}}'), parsed('{"\\ud800": 1}'), parsed('{"\\ufffd": 1}'), parsed('{"\\udc00": 1}'),
  new Uint8Array(0), new Uint8Array(1), new Uint8Array([0, 0]), new Uint8Array([97]), new Uint8Array([97, 97]), [97], [97, 97], { 0: 97 }, { 0: 97, 1: 97 }, 'YQ==', 'YWE=', { data: 'YQ==' }, { data: new Uint8Array([97]) }, { data: [97] }, { type: 'Buffer', data: [97] }, [new Uint8Array([97]), new Uint8Array([97])], [new Uint8Array([97, 97])],
  nested(5), nested(6), { a: nested(5) }, [nested(5), 1], 'x'.repeat(2047), 'x'.repeat(2048), 'x'.repeat(2049), ['x'.repeat(2048)], `${'x'.repeat(2048)}\ud800`, `${'x'.repeat(2048)}\ufffd`, 'x'.repeat(1024) + 'y'.repeat(1024), ['x'.repeat(1024), 'y'.repeat(1024)],
  { temperature: 0 }, { temperature: -0 }, { temperature: null }, { temperature: undefined }, { temperature: '0' }, { stop: [] }, { stop: [''] }, { stop: 'a' }, { stop: ['a'] }, { seed: 1 }, { seed: 1.5 }, { seed: '1' }, { maxTokens: 1 },
  { role: 'user', content: 'a' }, { role: 'user', content: ['a'] }, { role: 'user', content: [{ type: 'text', text: 'a' }] }, { role: 'system', content: 'a' }, { role: 'user', content: 'a', extra: undefined }, [{ role: 'user', content: 'a' }, { role: 'user', content: '' }], [{ role: 'user', content: '' }, { role: 'user', content: 'a' }], [{ role: 'user', content: 'a' }],
];

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, RejectedError } from '../../src/errors.js';
import { checkHeaders, checkHeaderValue } from '../../src/transport/headers.js';

describe('checkHeaders', () => {
  it('gives lower-case names and the values as they are', () => {
    expect(checkHeaders({ 'X-Team': 'a b', 'x-tab': 'a\tb', 'x-latin': 'grüß', 'x-empty': '' }, 'headers')).toEqual({ 'x-team': 'a b', 'x-tab': 'a\tb', 'x-latin': 'grüß', 'x-empty': '' });
  });

  it.each([
    ['a line feed', 'secret\nx: y'],
    ['a carriage return', 'secret\rx'],
    ['a NUL', 'secret\0'],
    ['a control character', 'secret\x1b[2J'],
    ['a character outside Latin-1', 'secret✔'],
    ['a lone surrogate', 'secret\ud800'],
    ['a trailing space', 'secret '],
    ['a number', 7],
    ['an array', ['secret']],
    ['undefined', undefined],
  ])('refuses a value with %s: names the header, never prints the value', (_what, value) => {
    const act = (): unknown => checkHeaders({ 'X-Key': value }, 'openai(): headers');
    expect(act).toThrow(ConfigError);
    expect(act).toThrow(/^openai\(\): headers\.X-Key: /);
    expect(act).not.toThrow(/secret/);
  });

  it.each(['', 'a b', 'a:b', 'x-key: secret', 'x\r\n', 'naïve', '\0'])('refuses the name %j without printing it', (name) => {
    const act = (): unknown => checkHeaders({ fine: '1', [name]: 'v' }, 'headers');
    expect(act).toThrow('headers: the name of header 2 is not valid');
    expect(act).not.toThrow(/secret/);
  });

  it.each(['Content-Length', 'transfer-encoding', 'Connection', 'host'])('refuses %s, which belongs to the message itself', (name) => {
    expect(() => checkHeaders({ [name]: '5' }, 'headers')).toThrow(ConfigError);
  });

  it('refuses a header that is there twice', () => {
    expect(() => checkHeaders({ 'X-A': '1', 'x-a': '2' }, 'headers')).toThrow('headers.x-a: this header is there twice');
  });

  it.each([null, undefined, 'text', 7, [['a', 'b']]])('refuses %j in place of an object', (headers) => {
    expect(() => checkHeaders(headers, 'headers')).toThrow(ConfigError);
  });

  it('rejects the call, not the configuration, when the headers came with a call', () => {
    const act = (): unknown => checkHeaders({ 'x-key': 'secret\n' }, 'options.headers', 'call');
    expect(act).toThrow(RejectedError);
    expect(act).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('keeps a header named __proto__ a header', () => {
    const headers = checkHeaders(JSON.parse('{"__proto__":"x"}'), 'headers');
    expect(Object.entries(headers)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });

  it('lets nothing through that the platform would refuse', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
      let checked;
      try {
        checked = checkHeaders({ [name]: value }, 'headers');
      } catch {
        return;
      }
      expect(() => new Headers(checked)).not.toThrow();
    }), { numRuns: 2000 });
  });
});

describe('checkHeaderValue', () => {
  it('gives a value that a header can carry', () => {
    expect(checkHeaderValue('sk-abc', 'apiKey')).toBe('sk-abc');
  });

  it('never prints what it refuses', () => {
    expect(() => checkHeaderValue('sk-secret\n', 'apiKey')).toThrow('apiKey: the value holds a line break, which a header cannot carry; remove it');
  });
});

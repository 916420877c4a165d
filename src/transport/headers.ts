import { ConfigError, RejectedError } from '../errors.js';

/** Where headers came from: an option of a factory, or a call. */
export type HeaderSource = 'option' | 'call';

// RFC 9110: a name is a token; a value is visible characters, spaces and tabs, in Latin-1.
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/** Set by the HTTP client from the request itself. By hand they would cut the message in two, or contradict it. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive', 'proxy-connection', 'upgrade', 'expect', 'te', 'trailer', 'host']);

/**
 * Headers with lower-case names, safe to send.
 *
 * Throws a ConfigError for an option, RejectedError('invalid_request') for a call: it names the field and the header,
 * says what is wrong, and never prints a value, which may be a key. HTTP clients do print it.
 */
export function checkHeaders(headers: unknown, field: string, source: HeaderSource = 'option'): Readonly<Record<string, string>> {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) throw wrong(source, field, `${kindOf(headers)} came; give an object of header names and values`);
  const checked = new Map<string, string>();
  for (const [name, value] of Object.entries(headers)) {
    // A name that is no token may be a whole header line, value included.
    if (!NAME.test(name)) throw wrong(source, field, `the name of header ${checked.size + 1} is not valid; use letters, digits and hyphens`);
    const lower = name.toLowerCase();
    if (FRAMING.has(lower)) throw wrong(source, `${field}.${name}`, 'this header is set from the request itself; leave it out');
    if (checked.has(lower)) throw wrong(source, `${field}.${name}`, 'this header is there twice, in different case; keep one');
    checked.set(lower, checkHeaderValue(value, `${field}.${name}`, source));
  }
  return Object.fromEntries(checked);
}

/** One value, a key for example, safe to send. Errors as `checkHeaders`. */
export function checkHeaderValue(value: unknown, field: string, source: HeaderSource = 'option'): string {
  if (typeof value !== 'string') throw wrong(source, field, `${kindOf(value)} came; give text`);
  if (!VALUE.test(value)) throw wrong(source, field, `the value holds ${flawOf(value)}, which a header cannot carry; remove it`);
  if (value !== value.trim()) throw wrong(source, field, 'the value begins or ends with a space; remove it');
  return value;
}

function flawOf(value: string): string {
  if (/[\r\n]/.test(value)) return 'a line break';
  if (value.includes('\0')) return 'a NUL character';
  return Array.from(value).some((character) => character > '\xff') ? 'a character outside Latin-1' : 'a control character';
}

function kindOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'an array' : typeof value;
}

function wrong(source: HeaderSource, field: string, what: string): ConfigError | RejectedError {
  const message = `${field}: ${what}`;
  return source === 'option' ? new ConfigError(message) : new RejectedError('invalid_request', message);
}

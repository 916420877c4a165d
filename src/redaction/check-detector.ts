import { ConfigError } from '../errors.js';
import { MAX_MATCH, type Detector } from './detector.js';

/** Throws ConfigError for a detector that could not work on a stream, or could take for ever on some text. */
export function checkDetector(detector: Detector, name: string): void {
  const wrong = (field: string, wanted: string, got: unknown): ConfigError => new ConfigError(`${name}.${field}: wanted ${wanted}, got ${typeof got === 'object' ? typeof got : String(got)}`);
  if (typeof detector !== 'object' || detector === null) throw new ConfigError(`${name}: wanted an object with a kind, a maxLength and a pattern or find, got ${String(detector)}`);
  const { kind, maxLength, body, characters, begins, needs = {} } = detector;
  if (typeof kind !== 'string' || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(kind) || kind.length > 20) throw wrong('kind', 'small letters, digits and dashes, at most 20', kind);
  if (!(Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= MAX_MATCH)) throw wrong('maxLength', `a whole number, 1 to ${MAX_MATCH}; for what has no longest form give its beginning and a body`, maxLength);
  if (body !== undefined && typeof body !== 'function' && !(body instanceof RegExp)) throw wrong('body', 'a regular expression or a function', body);
  for (const [field, value] of Object.entries({ characters, begins })) if (value !== undefined && !(value instanceof RegExp)) throw wrong(field, 'a regular expression', value);
  if (needs.any?.some((part) => part !== part.toLowerCase()) === true) throw wrong('needs.any', 'small letters: they are looked for in the text without its capitals', needs.any.join(', '));
  if (begins !== undefined) checkBounded(begins, `${name}.begins`);
  if ('find' in detector) {
    if (typeof detector.find !== 'function') throw wrong('find', 'a function', detector.find);
    return;
  }
  if (!(detector.pattern instanceof RegExp)) throw wrong('pattern', 'a regular expression', detector.pattern);
  checkBounded(detector.pattern, `${name}.pattern`);
}

function checkBounded({ source }: RegExp, name: string): void {
  const unbounded = unboundedQuantifier(source);
  if (unbounded !== undefined) throw new ConfigError(`${name}: wanted quantifiers with an upper bound, such as {1,64}, got '${unbounded}'`);
}

/** The end of the source up to the first `*`, `+` or `{n,}`. Undefined: there is none. */
function unboundedQuantifier(source: string): string | undefined {
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const character = source.charAt(at);
    if (character === '\\') at++;
    else if (inClass) inClass = character !== ']';
    else if (character === '[') inClass = true;
    else if (character === '*' || character === '+' || /^\{\d+,\}/.test(source.slice(at, at + 12))) return source.slice(Math.max(0, at - 20), at + 1);
  }
  return undefined;
}

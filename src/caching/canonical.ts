import { digestOf, digestOfBytes } from './digest.js';

/** A text that stands for a value, or why there is none. */
export type Canonical = { readonly text: string } | { readonly why: string };

/** Strings from this length on stand in the text as their digest: it stays short, and hashing it cheap. */
const LONG = 2048;
/** Values nested deeper are a mistake or an attack: JSON Schemas of the largest APIs stay below 30. */
const MAX_DEPTH = 200;
/** Keeps a value that contains itself, or a hostile one, from costing more than a few milliseconds. */
const MAX_VALUES = 200_000;

/**
 * The same text for the same value, whatever the order of its properties, and different texts for different values:
 * strings and lists carry their lengths, and every kind its letter, so nothing runs into its neighbour. Apart from JSON it
 * tells `undefined` from an absent property and from null, a hole from either, NaN, the infinities and -0 from numbers and
 * null, bytes from anything. What has no such text (a function, a Map, a Date, an instance of a class, a bigint) gives a reason.
 */
export function canonical(value: unknown): Canonical {
  let text = '';
  let left = MAX_VALUES;
  let why: string | undefined;

  /** False when there is no text for it. */
  function write(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case 'string':
        text += written(value);
        return true;
      case 'number':
        text += Object.is(value, -0) ? 'n-0;' : `n${value};`;
        return true;
      case 'boolean':
        text += value ? 't' : 'f';
        return true;
      case 'undefined':
        text += 'u';
        return true;
      case 'object':
        if (value === null) {
          text += 'z';
          return true;
        }
        return writeObject(value, depth + 1);
      default:
        return refuse(`a ${typeof value}`);
    }
  }

  function writeObject(value: object, depth: number): boolean {
    if (depth > MAX_DEPTH) return refuse(`more than ${MAX_DEPTH} levels`);
    if (Array.isArray(value)) return writeList(value, depth);
    if (value instanceof Uint8Array) {
      text += `b${value.length}:${digestOfBytes(value)}`;
      return true;
    }
    if (!isPlain(value)) return refuse('an object that is not plain JSON');
    const keys = Object.keys(value).sort();
    if ((left -= keys.length) < 0) return refuse(`more than ${MAX_VALUES} values`);
    text += `o${keys.length}:`;
    for (const key of keys) {
      text += written(key);
      if (!write((value as Readonly<Record<string, unknown>>)[key], depth)) return false; // `key` is its own
    }
    return true;
  }

  function writeList(list: readonly unknown[], depth: number): boolean {
    if ((left -= list.length) < 0) return refuse(`more than ${MAX_VALUES} values`);
    text += `l${list.length}:`;
    for (let at = 0; at < list.length; at++) {
      if (at in list) {
        if (!write(list[at], depth)) return false;
      } else {
        text += 'h';
      }
    }
    return true;
  }

  function refuse(what: string): false {
    why = `it holds ${what}`;
    return false;
  }

  try {
    if (write(value, 0)) return { text };
  } catch {
    why = 'it cannot be read'; // a getter that throws, a revoked proxy, a text past the longest string
  }
  return { why: why ?? '' };
}

function written(text: string): string {
  return text.length < LONG ? `s${text.length}:${text}` : `d${text.length}:${digestOf(text)}`;
}

/** An object literal or what `JSON.parse` gives, of any realm (test runners have several), or one without a prototype. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return typeof prototype === 'object' && (prototype === null || (Object.getPrototypeOf(prototype) === null && Object.hasOwn(prototype, 'isPrototypeOf')));
}

import { nodeCrypto } from '../built-in.js';
import type { RedactAction } from './settings.js';
import { placeholderName, written } from './names.js';
import { synthesize } from './synthetic.js';

/** What was put in place of values during one call, and the way back. Lives as long as the call does. */
export interface StandIns {
  /** The same for the same value. */
  replace(kind: string, value: string): string;
  /** The value behind the placeholder of this name. */
  valueOf(name: string): string | undefined;
  /** Whether the name of a placeholder begins so. */
  begins(beginning: string): boolean;
  /** Whether this very value was replaced. */
  holds(value: string): boolean;
  /** Something can be brought back. */
  readonly reversible: boolean;
}

export interface StandInOptions {
  actionOf(kind: string): RedactAction;
  readonly hashKey: string | Uint8Array | undefined;
  /** Names that mean something else already. Asked once, when the first is needed. */
  taken(): ReadonlySet<string>;
  /** The last number of each kind. Shared where two must not give the same name. */
  readonly numbers: Map<string, number>;
}

export function createStandIns({ actionOf, hashKey, taken, numbers }: StandInOptions): StandIns {
  const replacements = new Map<string, string>();
  const values = new Map<string, string>();
  const held = new Set<string>();
  let reserved: ReadonlySet<string> | undefined;

  function nextNumber(kind: string): number {
    reserved ??= taken();
    let number = numbers.get(kind) ?? 0;
    do number++;
    while (reserved.has(placeholderName(kind, number)));
    numbers.set(kind, number);
    return number;
  }

  function make(kind: string, value: string): string {
    const action = actionOf(kind);
    switch (action) {
      case 'mask':
        return mask(value);
      case 'hash':
        return `[${kind.toUpperCase().replaceAll('-', '_')}:${hash(kind, value)}]`;
      case 'synthetic':
        return synthesize(kind, value, nextNumber(kind));
      // Those that block end the call before anyone sees the text; those that flag never come here.
      case 'block':
      case 'flag':
      case 'placeholder': {
        const name = placeholderName(kind, nextNumber(kind));
        values.set(name, value);
        return written(name);
      }
      default:
        return action satisfies never;
    }
  }

  function hash(kind: string, value: string): string {
    return nodeCrypto().createHmac('sha256', hashKey ?? '').update(`${kind}\0${value}`).digest('hex').slice(0, 16);
  }

  return {
    replace(kind, value) {
      const key = `${kind}\0${value}`;
      const known = replacements.get(key);
      if (known !== undefined) return known;
      const made = make(kind, value);
      replacements.set(key, made);
      held.add(value);
      return made;
    },
    valueOf: (name) => values.get(name),
    begins(beginning) {
      for (const name of values.keys()) if (name.startsWith(beginning)) return true;
      return false;
    },
    holds: (value) => held.has(value),
    get reversible() {
      return values.size > 0;
    },
  };
}

/** Every letter and digit hidden. What is long is a token, whose length says something too. */
function mask(value: string): string {
  return value.length > LONGEST_SHAPE ? '********' : value.replace(/[\p{L}\p{N}]/gu, '*');
}

const LONGEST_SHAPE = 40;

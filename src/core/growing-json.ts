import type { Json } from '../types/json.js';

/** An object or array as it arrives: at every moment the value so far. Linear in the text; what is read costs a copy of the containers that are still open. */
export interface GrowingJson {
  /** True when the value is another than before. Never throws: what is no JSON changes nothing any more. */
  push(text: string): boolean;
  /** What there is, without the numbers, literals and names that are still being written; strings as far as they have come. Undefined: nothing yet. What was given out never changes. */
  value(): Json | undefined;
}

/** An open array or object. `key`: the member that is being written. */
interface Open {
  readonly close: ']' | '}';
  readonly items: Json[];
  readonly members: Record<string, Json>;
  key: string | undefined;
}

type State = 'lead-in' | 'value' | 'first' | 'key' | 'first-key' | 'colon' | 'next' | 'string' | 'literal' | 'over';

/** Deeper than any answer, and shallow enough that a hostile one costs nothing to copy. */
const MAX_DEPTH = 200;
/** What ends a run of plain characters in a string. */
const STOP = /["\\]/g;
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

export function createGrowingJson(): GrowingJson {
  const open: Open[] = [];
  let state: State = 'lead-in';
  let root: Json | undefined;
  /** The string or literal that is being written. */
  let token = '';
  let isKey = false;
  /** From the backslash on, while an escape is not complete. */
  let escape = '';
  let changed = false;

  /** A value is whole: it stands in its container from now on. */
  function put(value: Json): void {
    const parent = open.at(-1);
    if (parent === undefined) {
      root = value;
      state = 'over';
      return;
    }
    if (parent.close === ']') parent.items.push(value);
    else member(parent.members, parent.key ?? '', value);
    parent.key = undefined;
    state = 'next';
  }

  function begin(close: Open['close']): void {
    if (open.length === MAX_DEPTH) {
      state = 'over';
      return;
    }
    open.push({ close, items: [], members: {}, key: undefined });
    changed = true;
    state = close === ']' ? 'first' : 'first-key';
  }

  function end(character: string): void {
    if (open.at(-1)?.close !== character) {
      state = 'over';
      return;
    }
    const { close, items, members } = open.pop() as Open; // seen above
    put(close === ']' ? items : members);
  }

  function literal(): void {
    try {
      put(JSON.parse(token) as Json); // by what JSON.parse gives
      changed = true;
    } catch {
      state = 'over';
    }
  }

  function string(): void {
    if (!isKey) {
      put(token);
      return;
    }
    (open.at(-1) as Open).key = token; // a key stands in an object
    state = 'colon';
  }

  /** Takes as much of the string as is here; gives the index after it. */
  function readString(text: string, from: number): number {
    let at = from;
    while (at < text.length) {
      const character = text.charAt(at);
      if (escape !== '') {
        escape += character;
        at++;
        if (escape.length === 2 && character === 'u') continue;
        if (escape.length === 2) add(ESCAPES[character] ?? character);
        else if (escape.length === 6) add(String.fromCharCode(Number.parseInt(escape.slice(2), 16) || 0));
        continue;
      }
      if (character === '"') {
        string();
        return at + 1;
      }
      if (character === '\\') {
        escape = character;
        at++;
        continue;
      }
      STOP.lastIndex = at;
      const until = STOP.exec(text)?.index ?? text.length;
      add(text.slice(at, until));
      at = until;
    }
    return at;
  }

  function add(piece: string): void {
    token += piece;
    escape = '';
    if (!isKey) changed = true;
  }

  function beginString(key: boolean): void {
    token = '';
    escape = '';
    isKey = key;
    state = 'string';
    if (!key) changed = true;
  }

  function take(character: string): void {
    if (character === ' ' || character === '\n' || character === '\r' || character === '\t') return;
    switch (state) {
      case 'colon':
        state = character === ':' ? 'value' : 'over';
        return;
      case 'first-key':
      case 'key':
        if (character === '"') beginString(true);
        else if (character === '}' && state === 'first-key') end(character);
        else state = 'over';
        return;
      case 'next':
        if (character === ',') state = open.at(-1)?.close === ']' ? 'value' : 'key';
        else end(character);
        return;
      case 'first':
        if (character === ']') {
          end(character);
          return;
        }
        break;
      case 'lead-in':
        // A fence or a sentence before it: models write them all the same.
        if (character !== '{' && character !== '[') return;
        break;
      default:
    }
    if (character === '{') begin('}');
    else if (character === '[') begin(']');
    else if (character === '"') beginString(false);
    else {
      token = character;
      state = 'literal';
    }
  }

  return {
    push(text) {
      changed = false;
      let at = 0;
      while (at < text.length && state !== 'over') {
        if (state === 'string') {
          at = readString(text, at);
          continue;
        }
        const character = text.charAt(at);
        if (state === 'literal' && !',]} \n\r\t'.includes(character)) {
          token += character;
          if (token.length > MAX_LITERAL) state = 'over';
          at++;
          continue;
        }
        if (state === 'literal') literal();
        at++;
        if ((state as State) !== 'over') take(character); // `literal` sets it
      }
      return changed;
    },
    value() {
      let value: Json | undefined = state === 'string' && !isKey ? token : undefined;
      for (let depth = open.length - 1; depth >= 0; depth--) {
        const { close, items, members, key } = open[depth] as Open; // in range
        if (close === ']') value = value === undefined ? items.slice() : [...items, value];
        else value = value === undefined || key === undefined ? { ...members } : { ...members, [key]: value };
      }
      return value ?? root;
    },
  };
}

/** No number that JSON can hold exactly is longer. */
const MAX_LITERAL = 1000;

/** As JSON.parse does it: a member named `__proto__` is a member. */
function member(members: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__') Object.defineProperty(members, key, { value, enumerable: true, configurable: true, writable: true });
  else members[key] = value;
}

import { MAX_INNER, nameFrom } from './names.js';
import type { TextStream } from './text-stream.js';

/** What is known of placeholders, and what becomes of text with them. */
export interface PlaceholderUse {
  /** Whether there is one of this name. */
  has(name: string): boolean;
  /** Whether a name that there is begins so. */
  begins(beginning: string): boolean;
  /** What becomes of it. `raw` is how it was written. */
  known(name: string, raw: string): string;
  /** Text between placeholders. */
  text(piece: string): string;
  /** The last of `text`: before a placeholder, and at the end. */
  textEnds(): string;
}

/**
 * Takes text apart into placeholders that are known and all the rest. Models change them: case, spaces, `\[EMAIL\_1\]` where
 * they escape markdown. All of these are understood; brackets around anything else are text.
 */
export function placeholderReader(use: PlaceholderUse): TextStream {
  let held = '';

  function read(last: boolean): string {
    const all = held;
    let out = '';
    let done = 0;
    const upTo = (position: number): void => {
      if (position > done) out += use.text(done === 0 && position === all.length ? all : all.slice(done, position));
      done = position;
    };
    let open = all.indexOf('[');
    for (; open !== -1; open = all.indexOf('[', open + 1)) {
      const start = open > done && all[open - 1] === '\\' ? open - 1 : open;
      const close = innerEnd(all, open + 1);
      const inner = all.slice(open + 1, close);
      if (close === all.length && !last) {
        if (!use.begins(beginningOf(inner))) continue;
        upTo(start);
        held = all.slice(start);
        return out;
      }
      if (all[close] !== ']') continue;
      const name = nameFrom(inner);
      if (!use.has(name)) continue;
      upTo(start);
      out += use.textEnds() + use.known(name, all.slice(start, close + 1));
      done = close + 1;
      open = close;
    }
    const whole = all.endsWith('\\') && !last ? all.length - 1 : all.length; // perhaps the one of `\[`
    upTo(Math.max(done, whole));
    held = all.slice(done);
    return out;
  }

  return {
    push(text) {
      held += text;
      return read(false);
    },
    end() {
      const out = read(true) + use.textEnds();
      held = '';
      return out;
    },
  };
}

/** Where what may stand between brackets ends. */
function innerEnd(text: string, from: number): number {
  const longest = Math.min(text.length, from + MAX_INNER);
  let at = from;
  while (at < longest && INNER.test(text.charAt(at))) at++;
  return at;
}

const INNER = /[A-Za-z0-9_ \-\\]/;

function beginningOf(inner: string): string {
  return nameFrom(inner).replace(/_$/, '');
}

import { rewriteText, wholeLength, type TextStream } from './text-stream.js';

/**
 * Text that is JSON: each string in it goes through a stream of its own, unescaped on the way in and escaped on the way out,
 * so what comes of valid JSON is valid JSON. A number that does not come out as it went in becomes a string. Text that does
 * not begin like JSON goes through one stream as it is.
 */
export function jsonText(make: () => TextStream): TextStream {
  let plain: TextStream | undefined;
  let begun = false;
  let string: TextStream | undefined;
  /** Of an escape, of a number, or half a character. */
  let held = '';

  function read(last: boolean): string {
    const text = held;
    held = '';
    let out = '';
    let at = 0;
    while (at < text.length) {
      if (string === undefined) {
        const outside = matchAt(OUTSIDE, text, at);
        out += outside;
        at += outside.length;
        if (text[at] === '"') {
          out += '"';
          string = make();
          at++;
          continue;
        }
        const number = matchAt(NUMBER, text, at);
        if (at + number.length === text.length && number.length < LONGEST_NUMBER && !last) {
          held = number;
          return out;
        }
        const rewritten = number === '' ? '' : rewriteText(make(), number);
        out += rewritten === number ? number : JSON.stringify(rewritten);
        at += number.length;
      } else {
        const inside = matchAt(INSIDE, text, at);
        at += inside.length;
        const escaped = text[at] === '\\' ? matchAt(ESCAPE, text, at) : '';
        const whole = at === text.length && !last ? wholeLength(inside) : inside.length;
        if (whole > 0) out += escape(string.push(inside.slice(0, whole)));
        if (at === text.length) {
          held = inside.slice(whole);
        } else if (text[at] === '"') {
          out += `${escape(string.end())}"`;
          string = undefined;
          at++;
        } else if (escaped === '') {
          if (!last && PARTIAL_ESCAPE.test(text.slice(at))) {
            held = text.slice(at);
            return out;
          }
          // No escape of JSON: kept as it is, since whoever reads it must see the same fault.
          out += `${escape(string.end())}\\`;
          at++;
        } else {
          const rest = text.slice(at + escaped.length);
          const character = unescape(escaped);
          if (wholeLength(character) === 0 && !last && (rest === '' || PARTIAL_ESCAPE.test(rest))) {
            held = text.slice(at); // half a character: the other half comes as an escape too
            return out;
          }
          at += escaped.length;
          out += escape(string.push(character));
        }
      }
    }
    return out;
  }

  return {
    push(text) {
      if (plain !== undefined) return plain.push(text);
      held += text;
      if (!begun) {
        const first = held.trimStart()[0];
        if (first === undefined) return '';
        begun = true;
        if (first !== '{' && first !== '[' && first !== '"') {
          plain = make();
          const whole = held;
          held = '';
          return plain.push(whole);
        }
      }
      return read(false);
    },
    end() {
      const rest = plain === undefined ? (begun ? read(true) : held) + (string === undefined ? '' : escape(string.end())) : plain.end();
      plain = string = undefined;
      begun = false;
      held = '';
      return rest;
    },
  };
}

const OUTSIDE = /[^"\-\d]*/y;
const NUMBER = /[-\d][\d.eE+-]{0,63}/y;
const LONGEST_NUMBER = 64;
const INSIDE = /[^"\\]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;
const PARTIAL_ESCAPE = /^\\(?:u[\da-fA-F]{0,3})?$/;

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

function unescape(escaped: string): string {
  return JSON.parse(`"${escaped}"`) as string; // one escape of JSON
}

function escape(text: string): string {
  return NEEDS_ESCAPE.test(text) || !text.isWellFormed() ? JSON.stringify(text).slice(1, -1) : text;
}

// oxlint-disable-next-line no-control-regex -- JSON strings hold none of these
const NEEDS_ESCAPE = /["\\\u0000-\u001f]/;

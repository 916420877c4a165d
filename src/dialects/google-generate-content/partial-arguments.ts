import type { Json, JsonObject } from '../../types/json.js';
import { objectsIn, stringIn } from './wire.js';

type Segment = string | number;
type Container = { readonly kind: 'object'; readonly keys: Set<string> } | { readonly kind: 'array'; length: number };

/**
 * Turns function arguments that come as `{jsonPath, value}` pairs into JSON text, as they come. It only ever writes text,
 * so no path can reach a prototype. Paths have to come in the order of the text: undefined is given for one that does not.
 */
export interface ArgumentWriter {
  write(partialArguments: unknown): string | undefined;
  /** Closes what is open. */
  end(): string;
}

export function createArgumentWriter(): ArgumentWriter {
  const open: Container[] = [];
  /** Where the last value went: `path[i]` is its key in `open[i]`. */
  let path: readonly Segment[] = [];
  let inString = false;

  /** Text that leads from the last value to this place, or undefined when the place is already behind. */
  function goTo(target: readonly Segment[]): string | undefined {
    let text = inString ? '"' : '';
    inString = false;
    if (open.length === 0) {
      open.push({ kind: 'object', keys: new Set() });
      text += '{';
    }
    let shared = 0;
    while (shared < open.length - 1 && shared < target.length - 1 && path[shared] === target[shared]) shared++;
    while (open.length > shared + 1) text += closing(open.pop());
    for (let depth = shared; depth < target.length; depth++) {
      const entry = enter(open[depth], target[depth]);
      if (entry === undefined) return undefined;
      text += entry;
      if (depth === target.length - 1) break;
      const isList = typeof target[depth + 1] === 'number';
      open.push(isList ? { kind: 'array', length: 0 } : { kind: 'object', keys: new Set() });
      text += isList ? '[' : '{';
    }
    path = target;
    return text;
  }

  function writeOne(argument: JsonObject): string | undefined {
    const target = parsePath(stringIn(argument['jsonPath']) ?? '');
    if (target === undefined) return undefined;
    const value = valueOf(argument);
    const continues = argument['willContinue'] === true;
    if (typeof value !== 'string') {
      const lead = goTo(target);
      return lead === undefined ? undefined : lead + JSON.stringify(value);
    }
    const lead = inString && samePath(path, target) ? '' : openString(target);
    if (lead === undefined) return undefined;
    inString = continues;
    return lead + JSON.stringify(value).slice(1, -1) + (continues ? '' : '"');
  }

  function openString(target: readonly Segment[]): string | undefined {
    const lead = goTo(target);
    return lead === undefined ? undefined : `${lead}"`;
  }

  return {
    write(partialArguments) {
      let text = '';
      for (const argument of objectsIn(partialArguments)) {
        const piece = writeOne(argument);
        if (piece === undefined) return undefined;
        text += piece;
      }
      return text;
    },
    end() {
      let text = inString ? '"' : '';
      inString = false;
      while (open.length > 0) text += closing(open.pop());
      return text;
    },
  };
}

function valueOf(argument: JsonObject): Json {
  const { stringValue, numberValue, boolValue } = argument;
  if (typeof numberValue === 'number') return numberValue;
  if (typeof boolValue === 'boolean') return boolValue;
  if (Object.hasOwn(argument, 'nullValue')) return null;
  return typeof stringValue === 'string' ? stringValue : '';
}

/** The text before a member's value; undefined when the member was written before, or cannot be in such a container. */
function enter(container: Container | undefined, segment: Segment | undefined): string | undefined {
  if (container?.kind === 'object' && typeof segment === 'string' && !container.keys.has(segment)) {
    container.keys.add(segment);
    return `${container.keys.size > 1 ? ',' : ''}${JSON.stringify(segment)}:`;
  }
  if (container?.kind === 'array' && segment === container.length) return container.length++ > 0 ? ',' : '';
  return undefined;
}

function closing(container: Container | undefined): string {
  return container?.kind === 'array' ? ']' : '}';
}

function samePath(a: readonly Segment[], b: readonly Segment[]): boolean {
  return a.length === b.length && a.every((segment, at) => segment === b[at]);
}

const SEGMENT = /\.([^.[\]]+)|\[(\d{1,9})\]|\[(["'])((?:[^\\]|\\.)*?)\3\]/y;

/** The singular queries of RFC 9535: `$.recipe.steps[0]['a name']`. */
function parsePath(path: string): readonly Segment[] | undefined {
  if (!path.startsWith('$')) return undefined;
  const segments: Segment[] = [];
  SEGMENT.lastIndex = 1;
  while (SEGMENT.lastIndex < path.length) {
    const match = SEGMENT.exec(path);
    if (match === null) return undefined;
    const segment = match[1] ?? (match[2] === undefined ? unquote(match[4] ?? '') : Number(match[2]));
    if (segment === undefined) return undefined;
    segments.push(segment);
  }
  return segments.length === 0 ? undefined : segments;
}

function unquote(text: string): string | undefined {
  try {
    // JSON's escapes, and the quotes that JSON writes the other way round.
    const name: unknown = JSON.parse(`"${text.replace(/\\.|"/g, (found) => (found === "\\'" ? "'" : found === '"' ? '\\"' : found))}"`);
    return stringIn(name);
  } catch {
    return undefined; // not an escape that JSON knows: the caller reports the path
  }
}

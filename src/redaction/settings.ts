import { ConfigError } from '../errors.js';
import { checkDetector } from './check-detector.js';
import { compileDetector, type CompiledDetector, type Detector } from './detector.js';
import { builtInDetectors } from './kinds.js';

/**
 * What becomes of what was found. `placeholder`: `[EMAIL_1]`, and back in the answer. `synthetic`: a made-up value of the same
 * shape. `mask`: stars. `hash`: `[EMAIL:5f2c…]`, the same for the same value and key. `block`: the call is refused. `flag`: it
 * is recorded and stays.
 */
export type RedactAction = 'placeholder' | 'synthetic' | 'mask' | 'hash' | 'block' | 'flag';

/** What is looked for and what is done about it. */
export interface FindSettings {
  /** What is looked for; `us-*` stands for all that begin so. @default everything in docs/redaction.md, and your own detectors */
  readonly kinds?: readonly string[];
  /** What is not, of those. @default [] */
  readonly without?: readonly string[];
  /** What becomes of it. @default 'placeholder' */
  readonly action?: RedactAction;
  /** The same by kind. @default {} */
  readonly actions?: Readonly<Record<string, RedactAction>>;
  /** Values that stay: spelled out, or told by a function. Never asked about values of more than 200 characters. @default [] */
  readonly allow?: readonly string[] | ((value: string, kind: string) => boolean);
}

export interface RedactSettings extends FindSettings {
  /** Your own, beside those that are there. @default [] */
  readonly detectors?: readonly Detector[];
  /** What the model says by itself: looked through too, by settings that start from those above. @default false */
  readonly output?: FindSettings | false;
  /** Images, audio and files that are no text in UTF-8: sent as they are, or refused. @default 'allow' */
  readonly unscannable?: 'allow' | 'block';
}

/** Settings as they are worked with. */
export interface Rules {
  readonly detectors: readonly CompiledDetector[];
  actionOf(kind: string): RedactAction;
  allows(value: string, kind: string): boolean;
}

export interface CompiledSettings extends Rules {
  readonly output: Rules | undefined;
  readonly unscannable: 'allow' | 'block';
  /** Telephone numbers are among the kinds, for input or output. */
  readonly phones: boolean;
}

/** Throws ConfigError for what could not work. */
export function compileSettings(settings: RedactSettings, hasHashKey: boolean): CompiledSettings {
  const { detectors = [], output = false, unscannable = 'allow' } = settings;
  if (!Array.isArray(detectors)) throw wrong('detectors', 'a list of detectors', detectors);
  detectors.forEach((detector, at) => checkDetector(detector, `redact: detectors[${at}]`));
  if (unscannable !== 'allow' && unscannable !== 'block') throw wrong('unscannable', "'allow' or 'block'", unscannable);
  const all = [...detectors, ...builtInDetectors];
  const input = compileRules(settings, all, hasHashKey, '');
  const answer = output === false ? undefined : compileRules({ ...settings, ...output }, all, hasHashKey, 'output.');
  return { ...input, output: answer, unscannable, phones: [input, answer].some((rules) => rules?.detectors.some(({ kind }) => kind === 'phone')) };
}

const ACTIONS: readonly RedactAction[] = ['placeholder', 'synthetic', 'mask', 'hash', 'block', 'flag'];

function compileRules({ kinds, without = [], action = 'placeholder', actions = {}, allow = [] }: FindSettings, all: readonly Detector[], hasHashKey: boolean, prefix: string): Rules {
  const known = new Set(all.map(({ kind }) => kind));
  const wanted = kinds === undefined ? known : namedKinds(kinds, known, `${prefix}kinds`);
  const unwanted = namedKinds(without, known, `${prefix}without`);
  const chosen = all.filter(({ kind }) => wanted.has(kind) && !unwanted.has(kind));
  if (typeof actions !== 'object' || actions === null) throw wrong(`${prefix}actions`, "an object such as { email: 'mask' }", actions);
  for (const [kind, each] of Object.entries(actions)) {
    if (!known.has(kind)) throw wrong(`${prefix}actions`, `kinds (${[...known].join(', ')})`, kind);
    if (!ACTIONS.includes(each)) throw wrong(`${prefix}actions.${kind}`, ACTIONS.join(', '), each);
  }
  if (!ACTIONS.includes(action)) throw wrong(`${prefix}action`, ACTIONS.join(', '), action);
  const byKind = new Map(Object.entries(actions));
  if (!hasHashKey && [action, ...byKind.values()].includes('hash')) throw new ConfigError("redact: hashKey: wanted a secret of 16 characters or more for the action 'hash', got none");
  return { detectors: chosen.map(compileDetector), actionOf: (kind) => byKind.get(kind) ?? action, allows: allowing(allow, prefix) };
}

function allowing(allow: NonNullable<FindSettings['allow']>, prefix: string): Rules['allows'] {
  if (typeof allow === 'function') return allow;
  if (!Array.isArray(allow) || allow.some((value) => typeof value !== 'string')) throw wrong(`${prefix}allow`, 'a list of texts or a function', allow);
  const values = new Set(allow);
  return (value) => values.has(value);
}

function namedKinds(names: readonly string[], known: ReadonlySet<string>, option: string): ReadonlySet<string> {
  if (!Array.isArray(names)) throw wrong(option, 'a list of kinds', names);
  return new Set(
    names.flatMap((name: unknown) => {
      const meant = typeof name !== 'string' ? [] : name.endsWith('*') ? [...known].filter((kind) => kind.startsWith(name.slice(0, -1))) : known.has(name) ? [name] : [];
      if (meant.length === 0) throw wrong(option, `kinds (${[...known].join(', ')})`, name);
      return meant;
    }),
  );
}

function wrong(option: string, wanted: string, got: unknown): ConfigError {
  return new ConfigError(`redact: ${option}: wanted ${wanted}, got ${typeof got === 'object' ? typeof got : String(got)}`);
}

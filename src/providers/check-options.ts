import { ConfigError } from '../errors.js';

/** A wrong option: which factory and field, what came, what is wanted. `came` must never hold a secret's value. */
export function wrongOption(factory: string, field: string, came: string, wanted: string): ConfigError {
  return new ConfigError(`${factory}(): ${field}: ${came} came, wanted ${wanted}`);
}

/** What came, by its kind alone: safe for secrets. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value === '') return 'an empty string';
  const kind = typeof value;
  return kind === 'object' ? 'an object' : `a ${kind}`;
}

/** What came, with its value: for options that are no secrets. */
export function valueOf(value: unknown): string {
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeof value === 'string' && value !== '' ? JSON.stringify(value) : kindOf(value);
}

/** Refuses options that nobody reads: a misspelt `apikey` would otherwise go unnoticed. */
export function checkFields(factory: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) throw wrongOption(factory, 'options', kindOf(options), 'an object');
  const unknown = Object.keys(options).find((field) => !known.includes(field));
  if (unknown !== undefined) throw new ConfigError(`${factory}(): ${unknown}: this option is not known here; known are ${known.join(', ')}`);
}

const NAME = /^[A-Za-z0-9][\w.-]{0,63}$/;

/** The name callers write before the slash. */
export function checkName(factory: string, name: unknown): string {
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw wrongOption(factory, 'name', valueOf(name), 'letters, digits, ".", "_" and "-", at most 64, without a slash');
  }
  return name;
}

/** A finite number above zero. */
export function checkPositive(factory: string, field: string, value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) throw wrongOption(factory, field, valueOf(value), 'a number above 0');
  return value;
}

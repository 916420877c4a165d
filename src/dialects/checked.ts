import { RejectedError } from '../errors.js';
import type { JsonObject } from '../types/json.js';

/** For what a field must be beyond its type. Never quotes what came. */
export function refusal(field: string, wanted: string): RejectedError {
  return new RejectedError('invalid_request', `${field}: ${wanted}`);
}

/** Refuses a field of a client's request. Names the field and what is wanted; never quotes what came, which may be content. */
export function refuse(field: string, wanted: string, value: unknown): never {
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : value === undefined ? 'nothing' : `a value of type ${typeof value}`;
  throw refusal(field, `wanted ${wanted}, got ${kind}`);
}

/** Null counts as absent, as it does at OpenAI. */
export function optional<T>(value: unknown, field: string, read: (value: unknown, field: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value, field);
}

export function checkedObject(value: unknown, field: string): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : refuse(field, 'an object', value); // a request was parsed from JSON
}

export function checkedList(value: unknown, field: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(field, 'a list', value);
}

export function checkedString(value: unknown, field: string): string {
  return typeof value === 'string' ? value : refuse(field, 'a string', value);
}

/** A string that is not empty. */
export function checkedName(value: unknown, field: string): string {
  return typeof value === 'string' && value !== '' ? value : refuse(field, 'a string that is not empty', value);
}

export function checkedBoolean(value: unknown, field: string): boolean {
  return typeof value === 'boolean' ? value : refuse(field, 'true or false', value);
}

export function checkedNumber(value: unknown, field: string): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : refuse(field, 'a number', value);
}

/** A whole number, zero or more. */
export function checkedCount(value: unknown, field: string): number {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : refuse(field, 'a whole number, zero or more', value); // isSafeInteger is no type guard
}

export function checkedInteger(value: unknown, field: string): number {
  return Number.isSafeInteger(value) ? (value as number) : refuse(field, 'a whole number', value); // isSafeInteger is no type guard
}

/** One of these strings. */
export function checkedChoice<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  return found ?? refuse(field, `one of ${choices.join(', ')}`, value);
}

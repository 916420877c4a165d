import { RejectedError } from '../../errors.js';
import type { JsonObject } from '../../types/json.js';
import { objectOf } from './wire.js';

/** The request of a client is not in the protocol: names the field and what is wanted there, never its value. */
export function refuse(field: string, wanted: string): RejectedError {
  return new RejectedError('invalid_request', `${field}: ${wanted}`);
}

export function objectAt(value: unknown, field: string): JsonObject {
  const object = objectOf(value);
  if (object === undefined) throw refuse(field, 'must be an object');
  return object;
}

export function listAt(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw refuse(field, 'must be a list');
  return value;
}

export function textAt(value: unknown, field: string): string {
  if (typeof value !== 'string') throw refuse(field, 'must be a text');
  return value;
}

export function numberAt(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw refuse(field, 'must be a number');
  return value;
}

export function countAt(value: unknown, field: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) throw refuse(field, 'must be a whole number, zero or more');
  return value;
}

export function flagAt(value: unknown, field: string): boolean {
  if (typeof value !== 'boolean') throw refuse(field, 'must be true or false');
  return value;
}

/** An optional field: null counts as absent, as it does for the API. */
export function optional<T>(value: unknown, field: string, read: (value: unknown, field: string) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value, field);
}

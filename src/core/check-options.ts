import { ConfigError, RejectedError } from '../errors.js';
import { checkPrices } from '../pricing/check-prices.js';
import type { PriceTable } from '../types/price.js';
import type { CallOptions } from './options.js';

/** The longest timer there is: a 32-bit count of milliseconds, 24.8 days. */
export const MAX_TIMEOUT_MS = 2 ** 31 - 1;

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/; // RFC 9110, 5.6.2
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/; // RFC 9110, 5.5

/** Throws RejectedError('invalid_request') for options that cannot work. Never prints a header's value. */
export function checkCallOptions(options: CallOptions): void {
  const { timeoutMs, headers, tags, priority, cache, signal, prices } = options;
  if (timeoutMs !== undefined && !isTimeout(timeoutMs)) throw wrong('timeoutMs', `milliseconds, 1 to ${MAX_TIMEOUT_MS}`, timeoutMs);
  if (priority !== undefined && !Number.isFinite(priority)) throw wrong('priority', 'a finite number', priority);
  if (cache !== undefined && cache !== 'use' && cache !== 'refresh' && cache !== 'skip') throw wrong('cache', "'use', 'refresh' or 'skip'", cache);
  if (signal !== undefined && !(typeof signal === 'object' && 'aborted' in signal)) throw wrong('signal', 'an AbortSignal', signal);
  if (tags !== undefined) {
    for (const [name, value] of Object.entries(tags)) if (typeof value !== 'string') throw wrong(`tags.${name}`, 'a string', value);
  }
  if (prices !== undefined) checkCallPrices(prices);
  if (headers !== undefined) {
    for (const [name, value] of Object.entries(headers)) {
      if (!HEADER_NAME.test(name)) throw new RejectedError('invalid_request', `headers: ${JSON.stringify(name.slice(0, 80))} is no valid header name`);
      if (typeof value !== 'string' || !HEADER_VALUE.test(value)) throw new RejectedError('invalid_request', `headers.${name}: its value has characters that no header may hold (a line break, for example)`);
    }
  }
}

/** Their shape. Whether the catalogue has the models that they name shows when they are charged. */
function checkCallPrices(prices: PriceTable): void {
  try {
    checkPrices(prices);
  } catch (error) {
    // A wrong table is a wrong request here, not a wrong gateway.
    throw error instanceof ConfigError ? new RejectedError('invalid_request', error.message) : error;
  }
}

export function isTimeout(value: number): boolean {
  return Number.isFinite(value) && value >= 1 && value <= MAX_TIMEOUT_MS;
}

function wrong(field: string, wanted: string, got: unknown): RejectedError {
  return new RejectedError('invalid_request', `${field}: wanted ${wanted}, got ${typeof got === 'number' ? got : typeof got}`);
}

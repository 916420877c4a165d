import { plainText } from './plain-text.js';

/** What stands for every value beyond the bound, as in OpenTelemetry's `error.type`. */
export const OTHER = '_OTHER';

/**
 * Lets `max` different values through and turns the rest into `_OTHER`. For what a caller or a provider may choose freely
 * and a collector keeps a time series of.
 */
export function boundedValues(max: number): (value: string) => string {
  const known = new Map<string, string>();
  return (value) => {
    const seen = known.get(value);
    if (seen !== undefined) return seen;
    if (known.size >= max || value.length > MAX_LENGTH) return OTHER;
    const clean = plainText(value);
    known.set(value, clean);
    return clean;
  };
}

/** A longer value is no name of anything. */
const MAX_LENGTH = 200;

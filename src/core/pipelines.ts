import { RejectedError } from '../errors.js';
import { compose, type Interceptor, type Next } from './interceptor.js';

/** Chains with some optional interceptors left out are remembered, up to this many. */
const MAX_REMEMBERED = 64;

/** Gives the composed chain without the named interceptors. Composed once each, never per call. */
export function createPipelines(interceptors: readonly Interceptor[], dispatch: Next): (without: readonly string[] | undefined) => Next {
  const whole = compose(interceptors, dispatch);
  const shorter = new Map<string, Next>();
  return (without) => {
    if (without === undefined || without.length === 0) return whole;
    for (const name of without) checkOptional(name, interceptors);
    const kept = interceptors.filter(({ name }) => !without.includes(name));
    const key = JSON.stringify(kept.map(({ name }) => name));
    const known = shorter.get(key);
    if (known !== undefined) return known;
    const chain = compose(kept, dispatch);
    if (shorter.size < MAX_REMEMBERED) shorter.set(key, chain);
    return chain;
  };
}

function checkOptional(name: string, interceptors: readonly Interceptor[]): void {
  const named = interceptors.find((interceptor) => interceptor.name === name);
  if (named?.optional === true) return;
  const optional = interceptors.filter((interceptor) => interceptor.optional === true).map((interceptor) => interceptor.name);
  const why = named === undefined ? 'there is no such interceptor' : 'it is not optional';
  throw new RejectedError('invalid_request', `without: '${String(name)}' cannot be left out: ${why}; may be left out: ${optional.join(', ') || 'none'}`);
}

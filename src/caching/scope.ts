import type { Call } from '../core/call.js';
import { ConfigError } from '../errors.js';

/**
 * Who may share answers: everybody (`'shared'`), those with the same value of one tag, or those for whom a function gives the
 * same text. Where the tag is missing or the function gives undefined, nothing is cached: never is it taken for `'shared'`.
 */
export type CacheScope = 'shared' | { readonly tag: string } | ((call: Call) => string | undefined);

/** As it goes into the key: how the scope is found, and its value. */
export type ScopeValue = readonly [kind: string, value: string];

export interface ScopeReader {
  of(call: Call): ScopeValue | { readonly why: string };
  /** The scope with this value. */
  named(value: string): ScopeValue;
}

/** Throws ConfigError, with all forms it may have, for a scope that is left out or makes no sense. */
export function scopeReader(by: string, scope: CacheScope | undefined): ScopeReader {
  if (scope === 'shared') return readerOf(scope, () => scope, '');
  if (typeof scope === 'function') return readerOf('function', scope, 'the scope function gave no text for this call');
  if (typeof scope === 'object' && scope !== null && typeof scope.tag === 'string' && scope.tag !== '') {
    const { tag } = scope;
    return readerOf(`tag ${tag}`, ({ tags }) => (Object.hasOwn(tags, tag) ? tags[tag] : undefined), `the call has no tag '${tag}', which is the scope`);
  }
  throw new ConfigError(
    `${by}: scope: wanted who may share answers: { tag: 'tenant' } for those with the same value of that tag, a function of the call, or 'shared' for all callers; got ${scope === undefined ? 'nothing' : typeof scope === 'string' ? `'${scope}'` : typeof scope}`,
  );
}

function readerOf(kind: string, read: (call: Call) => unknown, missing: string): ScopeReader {
  return {
    of(call) {
      let value: unknown;
      try {
        value = read(call);
      } catch {
        return { why: 'the scope function threw' }; // whose call it is remains unknown, so nobody's answer is touched
      }
      return typeof value === 'string' && value !== '' ? [kind, value] : { why: missing };
    },
    named: (value) => [kind, value],
  };
}

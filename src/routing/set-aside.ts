import type { ProviderCode } from '../types/codes.js';
import type { Target } from '../types/report.js';
import { createRecentMap } from './recent-map.js';

/** A key that failed in a way that the next call would fail in too, whichever model it is for. */
export interface SetAside {
  /** The failure. */
  readonly code: ProviderCode;
  /** On the clock of `performance.now()`. */
  readonly until: number;
}

/** The keys that are set aside. Names of keys, never the keys. */
export interface SetAsideBook {
  of(target: Target, now: number): SetAside | undefined;
  /** Until `until`, or for as long as it was before if that is longer. */
  add(target: Target, code: ProviderCode, until: number): void;
  /** It works again. */
  clear(target: Target): void;
}

export function createSetAsideBook(maxKeys: number): SetAsideBook {
  const keys = createRecentMap<{ aside: SetAside }>(maxKeys);
  let latest = -Infinity;

  return {
    of(target, now) {
      if (now >= latest) return undefined; // nearly always there is none
      const aside = keys.peek(nameOf(target))?.aside;
      return aside !== undefined && aside.until > now ? aside : undefined;
    },
    add(target, code, until) {
      const key = keys.get(nameOf(target), () => ({ aside: { code, until } }));
      if (until > key.aside.until) key.aside = { code, until };
      latest = Math.max(latest, until);
    },
    clear: (target) => keys.delete(nameOf(target)),
  };
}

function nameOf({ provider, credential }: Target): string {
  return credential === undefined ? provider : `${provider}/${credential}`;
}

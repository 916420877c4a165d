import { OTHER } from './bounded-values.js';
import { plainText } from './plain-text.js';
import { RollingFigures } from './rolling-figures.js';

/** Figures by name. Beyond `maxNames`, names that had nothing to say for a whole window make room; then new ones share `_OTHER`. */
export interface RollingBook {
  of(name: string, now: number): RollingFigures;
  /** Those with something in the window. */
  entries(now: number): readonly (readonly [string, RollingFigures])[];
}

export function createRollingBook(windowMs: number, maxNames: number): RollingBook {
  const rows = new Map<string, RollingFigures>();

  function add(name: string): RollingFigures {
    const row = new RollingFigures(windowMs);
    rows.set(name, row);
    return row;
  }

  const isFull = (): boolean => rows.size - (rows.has(OTHER) ? 1 : 0) >= maxNames;

  return {
    of(name, now) {
      const key = plainText(name);
      const row = rows.get(key);
      if (row !== undefined) return row;
      if (isFull()) for (const [old, figures] of rows) if (figures.isEmpty(now)) rows.delete(old);
      return isFull() ? (rows.get(OTHER) ?? add(OTHER)) : add(key);
    },
    entries: (now) => [...rows].filter(([, row]) => !row.isEmpty(now)),
  };
}

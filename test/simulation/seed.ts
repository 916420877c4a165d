/** Everything that is left to chance in a simulated world, drawn from one number. */
export interface Chance {
  /** 0 to 1, 1 excluded. */
  readonly random: () => number;
  /** A whole number, both ends included. */
  whole(from: number, to: number): number;
  /** From 1 up to `most`, small ones as often as large ones. */
  scale(most: number): number;
  maybe(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** As likely as their weights say. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name;
  /** A source of its own: what is drawn from one does not move the other. */
  fork(): Chance;
}

/** Mulberry32: 32 bits of state, good enough for choices, and the same on every machine. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;

  function random(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const whole = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  return {
    random,
    whole,
    scale: (most) => Math.max(1, Math.round(most ** random())),
    maybe: (probability) => random() < probability,
    pick: <T>(from: readonly T[]): T => from[whole(0, from.length - 1)] as T, // never asked of an empty list
    weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
      const entries = Object.entries(weights) as [Name, number][]; // the record has no other keys
      let left = random() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of entries) if ((left -= weight) < 0) return name;
      return (entries[0] as [Name, number])[0]; // rounding
    },
    fork: () => chanceOf(whole(0, 2 ** 32 - 1)),
  };
}

/** Values by name, made when first asked for. Beyond `max` the one not asked for longest is forgotten. */
export interface RecentMap<V> {
  get(name: string, create: () => V): V;
  /** What is there already; asking so does not make it recent. */
  peek(name: string): V | undefined;
  delete(name: string): void;
}

/** `mayForget` says whether a value can go: one in use stays, even if the map grows past `max` for it. */
export function createRecentMap<V>(max: number, mayForget: (value: V) => boolean = () => true): RecentMap<V> {
  const values = new Map<string, V>();
  let newest: string | undefined;

  function forgetOne(): void {
    for (const [name, value] of values) {
      if (name === newest || !mayForget(value)) continue;
      values.delete(name);
      return;
    }
  }

  return {
    get(name, create) {
      const known = values.get(name);
      if (known !== undefined && name === newest) return known;
      const value = known ?? create();
      // The newest stands last, so that the first is the one to forget.
      if (known !== undefined) values.delete(name);
      values.set(name, value);
      newest = name;
      if (values.size > max) forgetOne();
      return value;
    },
    peek: (name) => values.get(name),
    delete: (name) => void values.delete(name),
  };
}

/** A place in the queue. Its identity is what it is taken out by. */
export interface Place<T> {
  readonly item: T;
  readonly priority: number;
  readonly tag: string;
}

/**
 * Who comes next: strictly the highest priority; within it the tags take turns, one each; within a tag the first to come.
 * A tag that asks for much waits for itself, not the others for it.
 */
export interface FairQueue<T> {
  readonly size: number;
  push(item: T, priority: number, tag: string): Place<T>;
  /** The next one, gone from the queue. */
  shift(): T | undefined;
  /** Takes out one that gave up. False: it was not there any more. */
  remove(place: Place<T>): boolean;
  /** The one to go when somebody must: of the lowest priority the last in the longest line. Left in the queue. */
  last(): Place<T> | undefined;
}

/** Those of one priority. Its tags stand in the order of their turns. */
interface Level<T> {
  readonly priority: number;
  readonly lines: Map<string, Set<Place<T>>>;
}

export function createFairQueue<T>(): FairQueue<T> {
  /** Highest first. As many as there are priorities in use, which are few. */
  const levels: Level<T>[] = [];
  let size = 0;

  function levelOf(priority: number): Level<T> {
    const at = levels.findIndex((level) => level.priority <= priority);
    const found = levels[at];
    if (found?.priority === priority) return found;
    const level: Level<T> = { priority, lines: new Map() };
    levels.splice(at < 0 ? levels.length : at, 0, level);
    return level;
  }

  function leave(level: Level<T>, place: Place<T>): boolean {
    const line = level.lines.get(place.tag);
    if (line?.delete(place) !== true) return false;
    size--;
    if (line.size === 0) level.lines.delete(place.tag);
    if (level.lines.size === 0) levels.splice(levels.indexOf(level), 1);
    return true;
  }

  return {
    get size() {
      return size;
    },
    push(item, priority, tag) {
      const place: Place<T> = { item, priority, tag };
      const { lines } = levelOf(priority);
      const line = lines.get(tag);
      if (line === undefined) lines.set(tag, new Set([place]));
      else line.add(place);
      size++;
      return place;
    },
    shift() {
      const [level] = levels;
      if (level === undefined) return undefined;
      for (const [tag, line] of level.lines) {
        for (const place of line) {
          // The tag has had its turn: it goes behind the others.
          level.lines.delete(tag);
          level.lines.set(tag, line);
          leave(level, place);
          return place.item;
        }
      }
      return undefined;
    },
    remove(place) {
      const level = levels.find(({ priority }) => priority === place.priority);
      return level !== undefined && leave(level, place);
    },
    last() {
      let longest: Set<Place<T>> | undefined;
      for (const line of levels.at(-1)?.lines.values() ?? []) if (line.size >= (longest?.size ?? 0)) longest = line;
      let last: Place<T> | undefined;
      for (const place of longest ?? []) last = place;
      return last;
    },
  };
}

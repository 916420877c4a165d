/** Places to merge, by rank: the lowest rank first, and of one rank the leftmost place first. */
export interface RankQueue {
  clear(): void;
  add(rank: number, place: number): void;
  /** The lowest rank that has places, whose places `take` gives from now on; -1 when none has. */
  next(): number;
  /** The leftmost place of that rank, or -1. */
  take(): number;
}

/**
 * A heap of ranks, each with a list of places: text has far fewer different pairs than pairs, so the heap stays small.
 * `size`: one above the greatest rank; `maxPlaces`: how many are added between two calls of `clear`.
 */
export function createRankQueue(size: number, maxPlaces: number): RankQueue {
  /** The last place added, for each rank; -1 for none. Lists are walked backwards, to the first. */
  const heads = new Int32Array(size).fill(-1);
  const places = new Int32Array(maxPlaces);
  const earlier = new Int32Array(maxPlaces);
  const heap: number[] = [];
  let used = 0;
  /** Places of the rank that `next` gave, the leftmost last. */
  let taken = new Int32Array(64);
  let left = 0;

  function open(rank: number): void {
    left = 0;
    let sorted = true;
    for (let at = heads[rank] as number; at !== -1; at = earlier[at] as number) {
      if (left === taken.length) {
        const longer = new Int32Array(left * 2);
        longer.set(taken);
        taken = longer;
      }
      const place = places[at] as number;
      if (left > 0 && place > (taken[left - 1] as number)) sorted = false;
      taken[left++] = place;
    }
    heads[rank] = -1;
    if (!sorted) taken.subarray(0, left).sort().reverse();
  }

  return {
    clear() {
      used = 0;
      left = 0;
      heap.length = 0; // `next` came to its end before: no rank has places
    },
    add(rank, place) {
      const head = heads[rank] as number; // ranks are below `size`
      if (head === -1) push(heap, rank);
      places[used] = place;
      earlier[used] = head;
      heads[rank] = used++;
    },
    next() {
      if (heap.length === 0) return -1;
      const rank = pop(heap);
      open(rank);
      return rank;
    },
    take: () => (left === 0 ? -1 : (taken[--left] as number)),
  };
}

function push(heap: number[], value: number): void {
  let at = heap.length;
  heap.push(value);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as number; // within the heap, here and below
    if (above <= value) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = value;
}

function pop(heap: number[]): number {
  const top = heap[0] as number;
  const value = heap.pop() as number;
  if (heap.length === 0) return top;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && (heap[child + 1] as number) < (heap[child] as number)) child++;
    const below = heap[child] as number;
    if (below >= value) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = value;
  return top;
}

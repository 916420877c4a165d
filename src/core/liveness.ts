/**
 * Signs of life of an attempt. Whoever wants to watch puts one into the call, `derive(call, { liveness: createLiveness() })`,
 * and looks at it when a timer of its own fires. The core writes it and calls nobody, so watching costs a chunk no more
 * than a look at the clock. Of several attempts below it is the one that began last.
 */
export interface Liveness {
  /** `before`: the adapter was not asked yet. `opening`: no content has come. `over`: whole, or broken. */
  readonly phase: 'before' | 'opening' | 'content' | 'over';
  /** The adapter gives its answer in pieces, whichever form the caller asked for. */
  readonly streamed: boolean;
  /** Somebody waits for the next piece. Where nobody does, silence is the reader's and not the provider's. */
  readonly waiting: boolean;
  /** When the provider was last heard of or the wait for it began, whichever is later. On the clock of `performance.now()`. */
  readonly signAt: number;
  /** How long whoever watches lets the provider be silent, in milliseconds; `Infinity` for as long as it likes. A connection's own limit does not end it sooner. Absent: nobody said. */
  readonly patienceMs?: number;
}

/** The core's side of it. */
export type LivenessRecord = { -readonly [Field in keyof Liveness]: Liveness[Field] };

/** `patienceMs`: for whoever ends the attempt itself, and later than connections do (ten minutes). */
export function createLiveness(patienceMs?: number): Liveness {
  return { phase: 'before', streamed: false, waiting: false, signAt: 0, ...(patienceMs !== undefined && { patienceMs }) };
}

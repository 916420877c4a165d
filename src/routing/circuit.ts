import { createBreakerState, type BreakerStateName, type BreakerStateOptions } from './breaker-state.js';

export interface CircuitOptions extends BreakerStateOptions {
  /** The first opening, in milliseconds. */
  readonly openMs: number;
  /** The longest opening, in milliseconds. */
  readonly maxOpenMs: number;
  /** Successes that close it, and attempts let through at a time until then. */
  readonly probes: number;
  /** How long a probe keeps its slot, in milliseconds. */
  readonly probeTimeoutMs: number;
}

/** What an attempt says about its target. `neutral`: nothing. */
export type Verdict = 'success' | 'failure' | 'neutral';

/** Leave for one attempt. Given back to the circuit, once, with what became of it. */
export interface Pass {
  /** What the circuit was when this attempt began, as a count of its openings and closings. */
  readonly generation: number;
  /** It is the first since the circuit became half-open. */
  readonly opensProbing: boolean;
}

/** Decides which attempts at one target may go on. */
export interface Circuit {
  readonly state: BreakerStateName;
  /** Undefined: not now. */
  enter(): Pass | undefined;
  /** Gives the state that this verdict brought about, if it did. */
  leave(pass: Pass, verdict: Verdict): 'open' | 'closed' | undefined;
  /** When to ask again, in milliseconds, while `enter` refuses. While probes hold every slot: when the first of them must give it back. */
  retryAfterMs(): number;
  shutdown(): void;
}

export function createCircuit(options: CircuitOptions): Circuit {
  let state = createBreakerState(options);
  let generation = 0;
  let openForMs: number | undefined;
  let openUntil = 0;
  let closedAt = 0;
  // Of the current half-open phase:
  /** Each with the moment its slot is given back. The first to come is the first to go. */
  const probing = new Map<Pass, number>();
  let probed = false;
  let successes = 0;

  /** Twice the last opening, but from the start again once it has stayed closed for as long as it was open. */
  function nextOpenMs(): number {
    if (openForMs === undefined) return options.openMs;
    const recovered = state.name === 'closed' && performance.now() - closedAt >= openForMs;
    return recovered ? options.openMs : Math.min(openForMs * 2, options.maxOpenMs);
  }

  function fail(): 'open' | undefined {
    const openMs = nextOpenMs();
    if (!state.failed(openMs)) return undefined;
    openForMs = openMs;
    openUntil = performance.now() + openMs;
    changed();
    return 'open';
  }

  function close(): 'closed' {
    // opossum keeps its window when it closes, so that the next failure would open it again.
    state.shutdown();
    state = createBreakerState(options);
    closedAt = performance.now();
    changed();
    return 'closed';
  }

  /** What began before has no say in what comes: a success from before the outage would end it. */
  function changed(): void {
    generation++;
    probing.clear();
    probed = false;
    successes = 0;
  }

  function probe(): Pass | undefined {
    const now = performance.now();
    // Its slot only: how it ends still counts, for a slow answer may be a good one.
    for (const [pass, slotUntil] of probing) if (slotUntil <= now) probing.delete(pass);
    if (probing.size + successes >= options.probes) return undefined;
    const pass: Pass = { generation, opensProbing: !probed };
    probed = true;
    probing.set(pass, now + options.probeTimeoutMs);
    return pass;
  }

  return {
    get state() {
      return state.name;
    },
    enter() {
      const { name } = state;
      if (name === 'closed') return { generation, opensProbing: false };
      return name === 'open' ? undefined : probe();
    },
    leave(pass, verdict) {
      if (pass.generation !== generation) return undefined;
      probing.delete(pass);
      if (verdict === 'neutral') return undefined;
      if (verdict === 'failure') return fail();
      if (state.name === 'closed') {
        state.succeeded();
        return undefined;
      }
      // opossum would close at the first success, so it is not told of any.
      return ++successes < options.probes ? undefined : close();
    },
    retryAfterMs() {
      const [slotUntil] = probing.values();
      return Math.max(0, Math.ceil((slotUntil ?? openUntil) - performance.now()));
    },
    shutdown() {
      state.shutdown();
      generation = NaN; // equal to none: what is under way has nobody to tell
    },
  };
}

/** Where the calls of one `gateway.chat()` keep what they share: the number of attempts so far, and what must be undone at its end. */
export interface Scope {
  /** Numbers attempts over the whole call, from 1. */
  nextIndex(): number;
  /** Runs `undo` when the call is over (at once if it is). */
  onEnd(undo: () => void): void;
  /** The call is over. Safe to repeat. */
  end(): void;
}

/** @internal */
export const SCOPE: unique symbol = Symbol.for('headgate.call.scope') as never;

export function scopeOf(call: { readonly [SCOPE]: Scope }): Scope {
  return call[SCOPE];
}

export function createScope(numbering?: Scope): Scope {
  let index = 0;
  let ended = false;
  const undos: (() => void)[] = [];
  return {
    nextIndex: numbering === undefined ? () => ++index : () => numbering.nextIndex(),
    onEnd(undo) {
      if (ended) undo();
      else undos.push(undo);
    },
    end() {
      ended = true;
      for (const undo of undos.splice(0)) undo();
    },
  };
}

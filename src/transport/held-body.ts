import type { ByteSink } from './transport.js';

/** A body whose beginning may arrive before anybody reads it. */
export interface HeldBody extends ByteSink {
  /** Bytes nobody has asked for yet. A method: a getter in an object literal would cost V8 a hidden class for each object. */
  heldBytes(): number;
  /** Hands over what is held, then everything that comes. */
  flowInto(sink: ByteSink): void;
  /** Nothing more is wanted. */
  drop(): void;
}

export function heldBody(): HeldBody {
  let target: ByteSink | undefined;
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let ending: (() => void) | undefined;

  function finish(how: () => void): void {
    if (target === undefined) ending = how;
    else how();
  }

  return {
    heldBytes: () => heldBytes,
    chunk(bytes) {
      if (target !== undefined) {
        target.chunk(bytes);
        return;
      }
      held.push(bytes);
      heldBytes += bytes.length;
    },
    end: () => finish(() => target?.end()),
    fail: (error) => finish(() => target?.fail(error)),
    flowInto(sink) {
      target = sink;
      const before = held;
      held = [];
      heldBytes = 0;
      // Asked for at each step: what reads may have had enough after any of them.
      for (const bytes of before) target?.chunk(bytes);
      ending?.();
    },
    drop() {
      target = nobody;
      held = [];
      ending = undefined;
    },
  };
}

const nobody: ByteSink = { chunk() {}, end() {}, fail() {} };

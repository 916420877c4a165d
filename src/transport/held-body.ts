import type { ByteSink } from './transport.js';

/** A body whose beginning may arrive before anybody reads it. */
export class HeldBody implements ByteSink {
  #target: ByteSink | undefined;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #ending: ((sink: ByteSink) => void) | undefined;

  /** Bytes nobody has asked for yet. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  chunk(bytes: Uint8Array): void {
    if (this.#target !== undefined) {
      this.#target.chunk(bytes);
      return;
    }
    this.#held.push(bytes);
    this.#heldBytes += bytes.length;
  }

  end(): void {
    this.#finish((sink) => sink.end());
  }

  fail(error: unknown): void {
    this.#finish((sink) => sink.fail(error));
  }

  /** Hands over what is held, then everything that comes. */
  flowInto(sink: ByteSink): void {
    this.#target = sink;
    const before = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    // Asked for at each step: what reads may have had enough after any of them.
    for (const bytes of before) this.#target.chunk(bytes);
    this.#ending?.(this.#target);
  }

  /** Nothing more is wanted. */
  drop(): void {
    this.#target = nobody;
    this.#held = [];
    this.#ending = undefined;
  }

  #finish(how: (sink: ByteSink) => void): void {
    if (this.#target === undefined) this.#ending = how;
    else how(this.#target);
  }
}

const nobody: ByteSink = { chunk() {}, end() {}, fail() {} };

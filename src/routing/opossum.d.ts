/** The part of opossum 10 that is used here. It brings no types, and those of @types/opossum are two majors behind. */
declare module 'opossum' {
  /** What opossum asks of the emitter that turns its window. */
  export interface RotateBucketController {
    on(event: 'rotate', turn: () => void): void;
    removeListener(event: 'rotate', turn: () => void): void;
    listenerCount(event: 'rotate', turn: () => void): number;
  }

  export interface Options {
    timeout: false;
    errorThresholdPercentage: number;
    volumeThreshold: number;
    rollingCountTimeout: number;
    rollingCountBuckets: number;
    rollingPercentilesEnabled: boolean;
    enableSnapshots: boolean;
    rotateBucketController: RotateBucketController;
    /** Read at each opening, in milliseconds. */
    resetTimeout: number;
  }

  export default class CircuitBreaker<A extends readonly unknown[]> {
    constructor(action: (...args: A) => Promise<unknown>, options: Options);
    readonly opened: boolean;
    readonly halfOpen: boolean;
    fire(...args: A): Promise<unknown>;
    shutdown(): void;
  }
}

/**
 * Keeps retries from making an outage worse. Two limits at once: per target a bucket of tokens, of which a failure takes
 * one and a success gives a little back, and retries stop while it is half empty (gRPC A6: 10 tokens, 0.1); and per
 * gateway at most a share of the calls under way may be retries, but always a few (Envoy: 20 %, floor 3).
 */
export interface RetryBudget {
  callStarted(): void;
  callEnded(): void;
  succeeded(target: string): void;
  failed(target: string): void;
  /** Takes a place among the retries under way, or says that there is none. Give it back with `retryEnded`. */
  tryRetry(target: string): boolean;
  retryEnded(): void;
}

export interface RetryBudgetOptions {
  readonly maxTokens: number;
  readonly tokenRatio: number;
  readonly share: number;
  readonly floor: number;
}

/** Targets remembered. A full bucket need not be. */
const MAX_TARGETS = 1000;

export function createRetryBudget({ maxTokens, tokenRatio, share, floor }: RetryBudgetOptions): RetryBudget {
  const tokens = new Map<string, number>();
  let calls = 0;
  let retries = 0;
  const left = (target: string): number => tokens.get(target) ?? maxTokens;

  function set(target: string, value: number): void {
    tokens.delete(target);
    if (value >= maxTokens) return;
    tokens.set(target, value);
    if (tokens.size > MAX_TARGETS) tokens.delete(tokens.keys().next().value as string); // there is a first: it has more than one
  }

  return {
    callStarted: () => void calls++,
    callEnded: () => void calls--,
    succeeded(target) {
      if (tokens.has(target)) set(target, Math.min(maxTokens, left(target) + tokenRatio));
    },
    failed: (target) => set(target, Math.max(0, left(target) - 1)),
    tryRetry(target) {
      if (left(target) <= maxTokens / 2) return false;
      if (retries >= Math.max(floor, share * calls)) return false;
      retries++;
      return true;
    },
    retryEnded: () => void retries--,
  };
}

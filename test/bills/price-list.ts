import type { PriceTable, Rates, Usage } from 'headgate';

export const VENDORS = ['openai', 'anthropic', 'google', 'compatible', 'silent'] as const;
export type VendorName = (typeof VENDORS)[number];

/** Tokens without overlap, as a vendor counts them for itself. */
export interface Tokens {
  readonly fresh: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly cacheWriteLong: number;
  readonly visible: number;
  /** Reasoning that nobody gets to see. */
  readonly hidden: number;
}

/** Published by the vendors. Some rates are no whole number of nano-USD for a token, one has two prices by length, one a fee for each request. */
const PRICE_LIST = {
  openai: { input: 0.25, cacheRead: 0.025, output: 2 },
  anthropic: { input: 3, cacheRead: 0.3, cacheWrite: 3.75, cacheWriteLong: 6, output: 15 },
  google: { input: 0.0375, cacheRead: 0.009_375, output: 0.15, reasoning: 0.35, tiers: [{ aboveInputTokens: 200, input: 0.075, cacheRead: 0.018_75, output: 0.3, reasoning: 0.7 }] },
  compatible: { input: 0.075, output: 0.3, perRequestUsd: 0.000_001 },
  silent: { input: 0.1, output: 0.4 },
} as const satisfies Record<VendorName, Rates>;

/** The same for the gateway under test. */
export const PRICES: PriceTable = Object.fromEntries(VENDORS.map((name) => [`${name}/*`, PRICE_LIST[name]]));

/**
 * The vendor's own bill for one request, in nano-USD. Its arithmetic shares nothing with the library's: integers of
 * a pico-USD throughout, rounded once.
 */
export function billOf(vendor: VendorName, tokens: Tokens): bigint {
  const rates: Rates = PRICE_LIST[vendor];
  const input = tokens.fresh + tokens.cacheRead + tokens.cacheWrite + tokens.cacheWriteLong;
  const tier = rates.tiers?.find(({ aboveInputTokens }) => input > aboveInputTokens);
  const at: Rates = { ...rates, ...tier };
  const pico =
    charged(tokens.fresh, at.input) +
    charged(tokens.cacheRead, at.cacheRead ?? at.input) +
    charged(tokens.cacheWrite, at.cacheWrite ?? at.input) +
    charged(tokens.cacheWriteLong, at.cacheWriteLong ?? at.cacheWrite ?? at.input) +
    charged(tokens.visible, at.output) +
    charged(tokens.hidden, at.reasoning ?? at.output) +
    BigInt(Math.round((at.perRequestUsd ?? 0) * 1e12));
  return (pico + 500n) / 1000n;
}

/** A dollar for a million tokens is a million pico-USD for one. */
function charged(tokens: number, usdPerMillion: number): bigint {
  return BigInt(tokens) * BigInt(Math.round(usdPerMillion * 1e6));
}

/** What the vendor says of it in an answer: totals that include their parts. */
export function usageOf({ fresh, cacheRead, cacheWrite, cacheWriteLong, visible, hidden }: Tokens): Usage {
  return {
    inputTokens: fresh + cacheRead + cacheWrite + cacheWriteLong,
    outputTokens: visible + hidden,
    ...(cacheRead > 0 && { cacheReadTokens: cacheRead }),
    ...(cacheWrite + cacheWriteLong > 0 && { cacheWriteTokens: cacheWrite + cacheWriteLong }),
    ...(cacheWriteLong > 0 && { cacheWriteLongTokens: cacheWriteLong }),
    ...(hidden > 0 && { reasoningTokens: hidden }),
  };
}

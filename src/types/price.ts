/** What one model charges. A kind that is left out costs what the kind it is a part of costs. */
export interface TokenRates {
  /** USD per million tokens, as every rate here. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  /** The longer, dearer lifetime. */
  readonly cacheWriteLong?: number;
  readonly reasoning?: number;
  readonly audioInput?: number;
  readonly audioOutput?: number;
  readonly imageInput?: number;
  readonly imageOutput?: number;
}

export interface Rates extends TokenRates {
  /** USD for each request, on top of its tokens. @default 0 */
  readonly perRequestUsd?: number;
  /** Long prompts: with more input tokens than this, these rates hold for all tokens of the request. @default none */
  readonly tiers?: readonly (Partial<TokenRates> & { readonly aboveInputTokens: number })[];
  /** By the service tier that the provider reports (`batch`, `flex`, `priority`): a factor on every rate, or rates of its own. @default none */
  readonly serviceTiers?: Readonly<Record<string, number | Partial<TokenRates>>>;
}

/** Prices of your own by `provider/model`; `provider/*` is for every model of that provider. A string names a model of the catalogue to charge like, such as `'openai/gpt-5-mini'`. */
export type PriceTable = Readonly<Record<string, Rates | string>>;

/**
 * Where a price comes from: the catalogue under that very name, the catalogue under another name for the same model, your own table,
 * the provider's own word on what it charged, an assumption (`unknownPrice: { assume }`), or nowhere.
 */
export type PriceStatus = 'exact' | 'alias' | 'override' | 'reported' | 'assumed' | 'unknown';

/** Disjoint: together they are all that was charged. `request` is a fee for the request itself; `reported` the one sum that a provider said it charged. */
export type CostPart =
  | 'input' | 'cacheRead' | 'cacheWrite' | 'cacheWriteLong' | 'audioInput' | 'imageInput'
  | 'output' | 'reasoning' | 'audioOutput' | 'imageOutput'
  | 'request' | 'reported';

export interface Cost {
  /** USD, a whole number of nano-USD. Undefined: no price known, never a silent zero. */
  readonly usd: number | undefined;
  /** The same in 1e-9 USD, an integer. */
  readonly nanoUsd: number | undefined;
  /** In nano-USD, integers that add up to `nanoUsd`. Parts that were not used are left out. */
  readonly parts: Readonly<Partial<Record<CostPart, number>>>;
  readonly status: PriceStatus;
}

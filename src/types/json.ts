/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: Json };

/** Values only one provider understands, keyed by provider name. Carried through untouched, both ways. */
export type ProviderData = { readonly [provider: string]: JsonObject };

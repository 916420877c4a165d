/** Where servers that speak this protocol differ. Plain data; the defaults are what OpenAI itself takes. */
export interface ResponsesQuirks {
  /**
   * Send `store: false`, so that the server keeps neither prompt nor answer. Left to itself OpenAI keeps both for 30 days.
   * The gateway sends the whole conversation each time and needs nothing kept; who uses `previous_response_id`,
   * `conversation` or `background` sets `store: true` in `providerOptions`. @default true
   */
  readonly stateless: boolean;
  /**
   * When to ask for `reasoning.encrypted_content`, without which a stateless conversation loses its reasoning at each turn.
   * Models that do not reason answer 400 to it, so `known-models` asks where the request sets `reasoning`, or the name is
   * that of a reasoning model of OpenAI. @default 'known-models'
   */
  readonly encryptedReasoning: 'known-models' | 'always' | 'never';
  /** Where the first system prompt goes. `message`: into the input like every later one, for servers without `instructions`. @default 'instructions' */
  readonly systemPrompt: 'instructions' | 'message';
}

export const DEFAULT_QUIRKS: ResponsesQuirks = { stateless: true, encryptedReasoning: 'known-models', systemPrompt: 'instructions' };

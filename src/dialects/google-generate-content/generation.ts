/** How a server differs from the Gemini API of today. */
export interface GoogleQuirks {
  /**
   * Which rules the model follows: from Gemini 3 on, reasoning is asked for by level, tool results may hold media, and
   * function calls in the history need a signature. For tuned models, whose names say nothing.
   * @default by the model's name
   */
  readonly generation?: 'gemini-2' | 'gemini-3';
  /** Ask for function arguments while they are written. Only Vertex AI can. @default false */
  readonly streamFunctionArguments?: boolean;
}

const THIRD_OR_LATER = /\bgemini-(?:[3-9]|\d{2,})(?!\d)|\bgemini-[a-z-]*latest$/;

export function isThirdGeneration(model: string, quirks: GoogleQuirks): boolean {
  return quirks.generation === undefined ? THIRD_OR_LATER.test(model) : quirks.generation === 'gemini-3';
}

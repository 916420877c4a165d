import fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyRequest } from '../../support/any-request.js';
import { typeErrors } from '../../support/type-check.js';
import { send } from './build.js';

/*
 * Google publishes no schema of a request. Its SDK declares every member of the wire, so the compiler holds the bodies to
 * those declarations: as literals, where a member that is not declared is an error too.
 */
const DECLARED = `
import type { Content, GenerationConfig, SafetySetting, Tool, ToolConfig } from '@google/genai';

/** Enums go over the wire as their values. */
type Wire<T> = T extends string ? \`\${T}\` : T extends readonly (infer Item)[] ? readonly Wire<Item>[] : T extends object ? { readonly [K in keyof T]: Wire<T[K]> } : T;

interface Body {
  contents: Content[];
  systemInstruction?: Content;
  tools?: Tool[];
  toolConfig?: ToolConfig;
  generationConfig?: GenerationConfig;
  safetySettings?: SafetySetting[];
}
`;

const MODELS = ['gemini-2.5-flash', 'gemini-2.5-pro', 'gemini-3-pro-preview', 'gemini-3-flash-preview'];

/** The compiler reads the SDK's declarations first, which takes seconds on a busy machine. */
const PATIENT = 60_000;

it('what goes to Gemini is what its SDK declares, for requests of every kind', { timeout: PATIENT }, () => {
  const requests = fc.sample(anyRequest, { numRuns: 300, seed: 1 });
  const bodies = requests.map((request, at) => send(request, { model: MODELS[at % MODELS.length] ?? '', streaming: at % 2 === 0 }).body);
  expect(typeErrors(moduleOf(bodies))).toEqual([]);
});

it('a member that is not declared, and a value that is none of those declared, would be found', { timeout: PATIENT }, () => {
  const misspelt = { contents: [{ role: 'user', parts: [{ text: 'hi', thought_signature: 'in snake case' }] }] };
  const undeclared = { contents: [], toolConfig: { functionCallingConfig: { mode: 'required' } } };
  expect(typeErrors(moduleOf([misspelt, undeclared]))).toHaveLength(2);
});

function moduleOf(bodies: readonly object[]): string {
  return `${DECLARED}\nexport const bodies: readonly Wire<Body>[] = [\n${bodies.map((body) => JSON.stringify(body)).join(',\n')}\n];\n`;
}

import { kindOf, wrongOption } from './check-options.js';
import type { GenAiClient } from './genai-client.js';
import type { GenerativeAiClient } from './generative-ai-client.js';

/** Which of Google's two clients this is, by its shape. The error never prints it: it holds the key. */
export function checkGoogleClient(factory: string, client: unknown): { readonly genAi: GenAiClient } | { readonly generativeAi: GenerativeAiClient } {
  const isObject = typeof client === 'object' && client !== null;
  // Each `as` follows the look at the methods it promises.
  if (isObject && typeof Reflect.get(client, 'getGenerativeModel') === 'function') return { generativeAi: client as GenerativeAiClient };
  const models: unknown = isObject ? Reflect.get(client, 'models') : undefined;
  if (typeof models === 'object' && models !== null && typeof Reflect.get(models, 'generateContent') === 'function' && typeof Reflect.get(models, 'generateContentStream') === 'function') {
    return { genAi: client as GenAiClient };
  }
  throw wrongOption(factory, 'client', isObject ? 'an object of another shape' : kindOf(client), 'a GoogleGenAI of @google/genai or a GoogleGenerativeAI of @google/generative-ai');
}

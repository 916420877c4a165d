import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../src/dialects/openai-chat/dialect.js';
import type { ChatQuirks } from '../../src/dialects/openai-chat/quirks.js';
import { PRESETS } from '../../src/providers/presets.js';
import { chatMeaning } from '../support/chat-meaning.js';
import { exchangeRows, haveFixtures, loadExchange } from '../support/fixtures.js';

const PRESET_QUIRKS: Readonly<Record<string, Partial<ChatQuirks>>> = Object.fromEntries(Object.entries(PRESETS).map(([name, { quirks }]) => [name, quirks]));

const answered = exchangeRows()
  .filter((row) => row.api === 'openai.chat' && row.status < 400 && row.provider in PRESET_QUIRKS)
  .map(loadExchange)
  .filter((exchange) => Array.isArray((exchange.request?.body as { readonly messages?: unknown } | undefined)?.messages));

describe.skipIf(!haveFixtures)('the quirks of a preset', () => {
  it('let through whatever its server was recorded to answer', () => {
    const lost: Record<string, readonly string[]> = {};
    for (const { id, provider, request: recorded } of answered) {
      const asked = recorded?.body as Readonly<Record<string, unknown>>; // the filter above has seen it
      const { request, streaming } = openaiChat().fromRequest(asked);
      const warnings: string[] = [];
      const written = openaiChat(PRESET_QUIRKS[provider]).toRequest(request, { provider, vendor: provider, model: request.model, streaming, warn: ({ kind, setting }) => warnings.push(`${kind} ${setting}`) });
      if (warnings.length > 0 || !isDeepStrictEqual(chatMeaning(written), chatMeaning(asked))) lost[id] = warnings;
    }
    expect(lost).toEqual({});
    expect(new Set(answered.map(({ provider }) => provider)).size).toBeGreaterThan(8);
  });
});

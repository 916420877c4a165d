import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.js';
import type { ProviderAdapter } from '../../src/types/adapter.js';
import type { Usage } from '../../src/types/usage.js';

const words = 'The committee met on Thursday to discuss the new library. '.repeat(20);
const messages = [{ role: 'user', content: words }] as const;

/** Reports `usage` while there is some to report, then none. */
function adapter(reports: readonly (Usage | undefined)[]): ProviderAdapter {
  let call = 0;
  return {
    name: 'p',
    async chat(_request, context) {
      context.sent();
      const usage = reports[call++];
      return { id: 'x', model: 'm', content: [{ type: 'text', text: words }], finishReason: 'stop', ...(usage !== undefined && { usage }) };
    },
  };
}

async function usages(reports: readonly (Usage | undefined)[]): Promise<readonly Usage[]> {
  const gateway = createGateway({ providers: [adapter(reports)] });
  const answers: Usage[] = [];
  for (const _report of reports) answers.push((await gateway.chat({ model: 'p/m', messages })).usage);
  return answers;
}

describe('usage that a provider does not give', () => {
  it('is counted from what was asked and what came', async () => {
    const [usage] = await usages([undefined]);
    expect(usage?.estimated).toBe(true);
    expect(usage?.inputTokens).toBeGreaterThan(200);
    expect(usage?.inputTokens).toBeLessThan(270);
    expect(Math.abs((usage?.outputTokens ?? 0) - (usage?.inputTokens ?? 0))).toBeLessThan(10);
  });

  it('is corrected by what the same model reported before', async () => {
    const [alone] = await usages([undefined]);
    const many = Array.from({ length: 8 }, (): Usage => ({ inputTokens: 2 * (alone?.inputTokens ?? 0), outputTokens: 1 }));
    const after = (await usages([...many, undefined])).at(-1);
    expect((after?.inputTokens ?? 0) / (alone?.inputTokens ?? 1)).toBeGreaterThan(1.7);
    expect((after?.outputTokens ?? 0) / (alone?.outputTokens ?? 1)).toBeGreaterThan(1.7);
  });

  it('is not corrected by counts that were estimates themselves', async () => {
    const [alone] = await usages([undefined]);
    const many = Array.from({ length: 8 }, (): Usage => ({ inputTokens: 4000, outputTokens: 1, estimated: true }));
    expect((await usages([...many, undefined])).at(-1)).toEqual(alone);
  });

  it('grows with the answer', async () => {
    const text = (length: number): string => words.repeat(length);
    const once = createGateway({ providers: [{ ...adapter([]), chat: async () => ({ id: 'x', model: 'm', content: [{ type: 'text', text: text(2) }], finishReason: 'stop' }) }] });
    const [half] = await usages([undefined]);
    const { usage } = await once.chat({ model: 'p/m', messages });
    expect(usage.outputTokens / (half?.outputTokens ?? 1)).toBeCloseTo(2, 1);
  });
});

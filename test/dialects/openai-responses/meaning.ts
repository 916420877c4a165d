import type { JsonObject } from '../../../src/types/json.js';

type Wire = Readonly<Record<string, unknown>>;

/** A request body in one spelling: equal for bodies that say the same. What the gateway decides for itself (store, include, stream) is left out. */
export function meaningOf(body: JsonObject): Wire {
  const { store: _store, include: _include, stream: _stream, input, instructions, tools, text, ...settings } = body as Wire;
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : (input as readonly Wire[]);
  const all = typeof instructions === 'string' ? [{ role: 'system', content: instructions }, ...items] : items;
  const { format, ...ofText } = (text ?? {}) as { readonly format?: { readonly type?: string } };
  const written = format === undefined || format.type === 'text' ? ofText : { ...ofText, format };
  return withoutNulls({
    ...settings,
    input: all.flatMap(itemsOf),
    ...(Array.isArray(tools) && tools.length > 0 && { tools }),
    ...(Object.keys(written).length > 0 && { text: written }),
  }) as Wire;
}

/** One entry for each thing an item says: texts of one message may come together or one after another. */
function itemsOf({ status: _status, ...item }: Wire): readonly Wire[] {
  const { type = 'message', role, content } = item;
  if (type === 'function_call') return [{ ...item, arguments: JSON.parse(String(item['arguments'])) as unknown }];
  if (type !== 'message') return [item];
  const parts = typeof content === 'string' ? [{ text: content }] : (content as readonly Wire[]);
  return parts.filter((part) => part['text'] !== '').map((part) => ({ ...item, type, role: role === 'developer' ? 'system' : role, content: contentOf(part) }));
}

function contentOf({ type, text, refusal, annotations, logprobs, ...part }: Wire): Wire {
  const said = text ?? refusal;
  const lists = [annotations, logprobs].filter((list) => Array.isArray(list) && list.length > 0);
  return said === undefined ? { type, ...part } : { said, refused: type === 'refusal', ...part, ...(lists.length > 0 && { lists }) };
}

/** Null says what silence says. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null && inner !== undefined).map(([key, inner]) => [key, withoutNulls(inner)] as const);
  return Object.fromEntries(entries.filter(([key, inner]) => key !== 'reasoning' || Object.keys(inner as object).length > 0));
}

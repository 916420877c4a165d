/** What a chat completions request asks for, without the ways in which the same can be spelt: two requests that mean the same are deeply equal. */
export function chatMeaning(body: Readonly<Record<string, unknown>>): unknown {
  const { functions, function_call: choice, stream: _stream, stream_options: _streamOptions, ...rest } = body;
  return meaning({
    ...rest,
    ...(Array.isArray(functions) && { tools: functions.map((definition: unknown) => ({ function: definition })) }),
    ...(choice !== undefined && { tool_choice: choice }),
  });
}

function meaning(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return meaningOfList(value.map((item) => meaning(item)), key);
  if (typeof value === 'object' && value !== null) return meaningOfObject(value);
  if (key === 'stop' && typeof value === 'string') return [value];
  if (key === 'tool_choice' && value === 'any') return 'required';
  return key === 'role' && value === 'developer' ? 'system' : value;
}

function meaningOfList(items: readonly unknown[], key: string): unknown {
  if (key === 'thinking') return items.map((item) => (item as { readonly text?: string }).text ?? '').join('');
  const only = items.length === 1 ? (items[0] as { readonly type?: string; readonly text?: string; readonly cache_control?: unknown }) : undefined;
  return key === 'content' && only?.type === 'text' && only.cache_control === undefined ? only.text : items;
}

function meaningOfObject(value: object): unknown {
  const out: Record<string, unknown> = {};
  for (const [name, inner] of Object.entries(value)) {
    const empty = inner === null || inner === '' || (Array.isArray(inner) && inner.length === 0);
    const defaulted = (name === 'type' && inner === 'function') || name === 'index';
    if (empty || defaulted) continue;
    out[name === 'max_tokens' ? 'max_completion_tokens' : name] = name === 'arguments' ? JSON.parse(inner as string) : meaning(inner, name);
  }
  return out;
}

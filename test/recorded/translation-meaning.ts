/** A wire body, or a piece of it. */
export type Wire = { readonly [field: string]: unknown };

/** The protocols whose bodies can be compared here, by the names of the recordings; `@` marks a cloud's variant. */
export type Protocol = 'openai.chat' | 'openai.responses' | 'anthropic.messages' | 'google.generateContent';

/** A body in one spelling, so that two bodies that say the same are equal: short forms written out, defaults and nulls left out. */
export function meaningOf(protocol: Protocol, body: Wire): Wire {
  const said = stripped(body);
  switch (protocol) {
    case 'openai.chat':
      return chatMeaning(said);
    case 'openai.responses':
      return responsesMeaning(said);
    case 'anthropic.messages':
      return anthropicMeaning(said);
    case 'google.generateContent':
      return googleMeaning(said);
    default:
      return protocol satisfies never;
  }
}

/** Where two bodies differ, by their top fields. */
export function differingFields(wanted: Wire, got: Wire): readonly string[] {
  return [...new Set([...Object.keys(wanted), ...Object.keys(got)])].filter((field) => canonical(wanted[field]) !== canonical(got[field])).toSorted();
}

function chatMeaning({ max_completion_tokens: limit, max_tokens: olderLimit, messages, response_format: format, stream, stream_options: _options, ...rest }: Wire): Wire {
  const { json_schema: schema, ...plainFormat } = object(format);
  const { name: _name, strict: _strict, ...named } = object(schema);
  return stripped({
    ...rest,
    max_tokens: limit ?? olderLimit,
    stream: stream === true ? true : undefined,
    response_format: format === undefined ? undefined : { ...plainFormat, ...(schema !== undefined && { json_schema: named }) },
    messages: list(messages).map((message) => ({ ...message, content: blocks(message['content'], 'text') })),
  });
}

function responsesMeaning({ stream, input, ...rest }: Wire): Wire {
  const items = typeof input === 'string' ? [{ role: 'user', content: input }] : list(input);
  return stripped({
    ...rest,
    stream: stream === true ? true : undefined,
    input: items.map(({ type, ...item }) => {
      const kind = item['role'] === 'assistant' ? 'output_text' : 'input_text';
      return { ...(type !== 'message' && { type }), ...item, content: blocks(item['content'], kind) };
    }),
  });
}

function anthropicMeaning({ stream, messages, system, ...rest }: Wire): Wire {
  const turns: { role: unknown; content: readonly unknown[] }[] = [];
  for (const { role, content } of list(messages)) {
    const said = list(blocks(content, 'text')).map((block) => (block['type'] === 'tool_result' ? { ...block, content: blocks(block['content'], 'text') } : block));
    const last = turns.at(-1);
    if (last !== undefined && last.role === role) last.content = [...last.content, ...said];
    else turns.push({ role, content: said });
  }
  return stripped({ ...rest, stream: stream === true ? true : undefined, system: blocks(system, 'text'), messages: turns });
}

/** A schema means the same under both of its names, and an id on a call and its result changes nothing where the API pairs them by order. */
function googleMeaning({ contents, systemInstruction, tools, generationConfig, ...rest }: Wire): Wire {
  const { responseJsonSchema, ...config } = object(generationConfig);
  const generation = { ...config, ...(responseJsonSchema !== undefined && { responseSchema: responseJsonSchema }) };
  return stripped({
    ...rest,
    contents: list(contents).map(({ role, parts }) => ({ role, parts: list(parts).map(googlePart) })),
    systemInstruction: systemInstruction === undefined ? undefined : { parts: object(systemInstruction)['parts'] },
    tools: tools === undefined ? undefined : list(tools).map((tool) => ({ ...tool, functionDeclarations: list(tool['functionDeclarations']).map(googleFunction) })),
    ...Object.fromEntries(Object.entries(generation).map(([field, value]) => [`generationConfig.${field}`, value])),
  });
}

function googlePart({ functionCall, functionResponse, ...part }: Wire): Wire {
  const { id: _callId, ...call } = object(functionCall);
  const { id: _resultId, response, ...result } = object(functionResponse);
  // The key around a plain text is free: the API names `output` as one that it looks for, others write `content`.
  const { output, content, ...fields } = object(response);
  return stripped({
    ...part,
    functionCall: functionCall && call,
    functionResponse: functionResponse && { ...result, response: { ...fields, said: output ?? content } },
  });
}

function googleFunction({ parametersJsonSchema, parameters, ...declaration }: Wire): Wire {
  return { ...declaration, parameters: parameters ?? parametersJsonSchema };
}

/** A text is short for a list of one block. */
function blocks(content: unknown, type: string): readonly unknown[] | undefined {
  if (content === undefined) return undefined;
  return typeof content === 'string' ? [{ type, text: content }] : (content as readonly unknown[]);
}

/** Without nulls, undefined fields, and objects that come to nothing by that. */
function stripped(value: Wire): Wire {
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) if (inner !== null && inner !== undefined) out[key] = inner;
  return out;
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).filter(([, field]) => field !== undefined && field !== null).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  ) ?? 'nothing';
}

function list(value: unknown): readonly Wire[] {
  return Array.isArray(value) ? (value as readonly Wire[]) : [];
}

function object(value: unknown): Wire {
  return typeof value === 'object' && value !== null ? (value as Wire) : {};
}

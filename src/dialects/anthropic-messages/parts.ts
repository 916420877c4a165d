import type { AssistantPart, Citation } from '../../types/message.js';
import { safeToolInput } from '../../message/tool-input.js';
import { dataField, extrasOf, isObject, jsonOf, listOf, textOf, type Wire } from './wire.js';

const TEXT: ReadonlySet<string> = new Set(['type', 'text']);
const THINKING: ReadonlySet<string> = new Set(['type', 'thinking']);
const REDACTED: ReadonlySet<string> = new Set(['type']);
const TOOL_USE: ReadonlySet<string> = new Set(['type', 'id', 'name', 'input']);

/**
 * The content of an assistant message, from an answer or from history. `providerData[vendor]` of a part holds the wire's own
 * fields that the part has no place for (`signature`, `data`, `caller`, `citations`, `cache_control`), under the wire's own names:
 * going back, they are put into the block again. A block of any other kind becomes an opaque part, whole.
 */
export function partsOf(content: unknown, vendor: string): AssistantPart[] {
  const parts: AssistantPart[] = [];
  listOf(content).forEach((block, index) => {
    const part = isObject(block) ? partOf(block, index, vendor) : undefined;
    if (part !== undefined) parts.push(part);
  });
  return parts;
}

/** Undefined for what is no block, and for a text block that says nothing: the API sends such, and takes none back. */
export function partOf(block: Wire, index: number, vendor: string): AssistantPart | undefined {
  const type = textOf(block['type']);
  switch (type) {
    case undefined:
      return undefined;
    case 'text': {
      const text = textOf(block['text']) ?? '';
      const found = listOf(block['citations']);
      if (text === '' && found.length === 0) return undefined;
      const data = found.length === 0 ? extrasOf(block, TEXT_ALONE) : extrasOf(block, TEXT);
      return { type: 'text', text, ...(found.length > 0 && { citations: found.map(citationOf) }), ...dataField(vendor, data) };
    }
    case 'thinking': {
      const known = block['signature'] === '' ? UNSIGNED : THINKING;
      const part = { type: 'reasoning', text: textOf(block['thinking']) ?? '', ...dataField(vendor, extrasOf(block, known)) } as const;
      return part.text === '' && part.providerData === undefined ? undefined : part;
    }
    case 'redacted_thinking':
      return { type: 'reasoning', text: '', redacted: true, ...dataField(vendor, extrasOf(block, REDACTED)) };
    case 'tool_use':
      return {
        type: 'tool-call',
        id: textOf(block['id']) ?? `call_${index}`,
        name: textOf(block['name']) ?? '',
        ...safeToolInput(jsonOf(block['input'])),
        ...dataField(vendor, extrasOf(block, TOOL_USE)),
      };
    default:
      return { type: 'opaque', provider: vendor, kind: type, data: jsonOf(block) };
  }
}

const TEXT_ALONE: ReadonlySet<string> = new Set([...TEXT, 'citations']);
const UNSIGNED: ReadonlySet<string> = new Set([...THINKING, 'signature']);

/** The positions of a citation: characters of a plain text, pages of a PDF, blocks of anything else. */
const STARTS = ['start_char_index', 'start_page_number', 'start_block_index'] as const;
const ENDS = ['end_char_index', 'end_page_number', 'end_block_index'] as const;

function citationOf(wire: unknown): Citation {
  if (!isObject(wire)) return {};
  const url = textOf(wire['url']) ?? textOf(wire['source']);
  const title = textOf(wire['title']) ?? textOf(wire['document_title']);
  const quote = textOf(wire['cited_text']);
  const start = numberAt(wire, STARTS);
  const end = numberAt(wire, ENDS);
  return {
    ...(url !== undefined && { url }),
    ...(title !== undefined && { title }),
    ...(quote !== undefined && { quote }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}

function numberAt(wire: Wire, names: readonly string[]): number | undefined {
  for (const name of names) {
    const value = wire[name];
    if (typeof value === 'number') return value;
  }
  return undefined;
}

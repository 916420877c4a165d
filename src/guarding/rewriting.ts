import type { Finding, Span } from './rule.js';

/** What the findings of several rules make of text number `at`: in order, apart, the first rule winning where they meet. */
export function spansOf(text: string, findings: readonly Finding[], at: number): readonly Span[] {
  const wanted = findings.flatMap(({ rewrite }): readonly Span[] => {
    const rewriting = rewrite === undefined ? '' : (rewrite[at] ?? text);
    return typeof rewriting !== 'string' ? rewriting : rewriting === text ? [] : [{ start: 0, end: text.length, text: rewriting }];
  });
  const spans: Span[] = [];
  for (const span of wanted) if (spans.every((other) => span.end <= other.start || span.start >= other.end)) spans.push(span);
  return spans.toSorted((a, b) => a.start - b.start);
}

/** The first `end` characters of `text` with those spans in them that end there or before. */
export function applySpans(text: string, spans: readonly Span[], end = text.length): string {
  let out = '';
  let at = 0;
  for (const span of spans) {
    if (span.end > end) break;
    out += text.slice(at, span.start) + span.text;
    at = span.end;
  }
  return out + text.slice(at, end);
}

import type { Json, JsonObject, ProviderData } from '../../types/json.js';
import type { ReasoningPart } from '../../types/message.js';
import { asJson, isObject, listOf, textOr, type WireObject } from './wire.js';

/**
 * OpenRouter's `reasoning_details`: readable entries, each with a signature perhaps, and encrypted ones. A readable entry
 * becomes a part. Its text is in the part and nowhere else, so that whoever changes text (a redactor) changes all of it; the
 * rest of the entry rides along, and gets the text back when it is sent.
 */
export type Detail = Record<string, Json>;

/** The member that holds the text of a readable entry; undefined for the others. */
function textMember(detail: WireObject): 'text' | 'summary' | undefined {
  if (detail['type'] === 'reasoning.text') return 'text';
  return detail['type'] === 'reasoning.summary' ? 'summary' : undefined;
}

/** Text of an entry; empty for encrypted ones. */
export function detailText(detail: WireObject): string {
  const member = textMember(detail);
  return (member && textOr(detail[member])) ?? '';
}

/** Whether an entry needs a part of its own: a part has one readable entry, or its text could not be told apart. */
export function beginsPart(details: readonly Detail[], detail: WireObject): boolean {
  if (textMember(detail) === undefined) return false;
  const readable = details.findLast((one) => textMember(one) !== undefined);
  return readable !== undefined && !continues(readable, detail);
}

/** Adds an entry without its text. A fragment is added to the entry of its type and index: servers refuse to take fragments back. */
export function addDetail(details: Detail[], detail: WireObject): void {
  const whole = details.findLast((one) => continues(one, detail));
  if (whole === undefined) details.push(mergeInto({}, detail));
  else mergeInto(whole, detail);
}

/** The parts of a whole answer's entries; encrypted ones ride with the part before them, or with the first. */
export function detailParts(wire: unknown, vendor: string): readonly ReasoningPart[] {
  const groups: { text: string; readonly details: Detail[] }[] = [];
  for (const detail of listOf(wire).filter(isObject)) {
    let group = groups.at(-1);
    if (group === undefined || (textMember(detail) !== undefined && group.details.some((one) => textMember(one) !== undefined))) groups.push((group = { text: '', details: [] }));
    group.text += detailText(detail);
    group.details.push(mergeInto({}, detail));
  }
  return groups.map(({ text, details }) => ({ type: 'reasoning', text, ...(text === '' && { redacted: true }), providerData: detailData(details, vendor) }));
}

export function detailData(details: readonly Detail[], vendor: string): ProviderData {
  return { [vendor]: { reasoning_details: details } };
}

/** The entries of a turn's parts as they go back: with their texts, and with signatures that came late where they belong. */
export function joinDetails(parts: readonly { readonly text: string; readonly details: Json | undefined }[]): readonly JsonObject[] {
  const joined: Detail[] = [];
  for (const { text, details } of parts) {
    for (const detail of listOf(details).filter(isObject)) {
      const member = textMember(detail);
      const before = joined.findLast((one) => continues(one, detail));
      if (member !== undefined && text === '' && before !== undefined) mergeInto(before, detail);
      else joined.push({ ...mergeInto({}, detail), ...(member !== undefined && { [member]: text }) });
    }
  }
  return joined;
}

function continues(last: Detail, detail: WireObject): boolean {
  return detail['index'] !== undefined && detail['index'] === last['index'] && detail['type'] === last['type'];
}

function mergeInto(into: Detail, detail: WireObject): Detail {
  const member = textMember(detail);
  for (const key in detail) {
    const value = detail[key];
    if (key === member || key === '__proto__' || value === undefined || (value === null && key in into)) continue;
    const before = into[key];
    into[key] = key === 'data' && typeof value === 'string' && typeof before === 'string' ? before + value : asJson(value);
  }
  return into;
}

/** What libphonenumber-js has and its types leave out. Absent in a later version: every number of fitting length counts. */
interface Plan {
  nationalNumberPattern?(): string;
  nationalPrefix?(): string | undefined;
}

/** Countries whose numbers are written with a 0 in front, the most permissive first. */
const COUNTRIES = ['DE', 'AT', 'GB', 'FR', 'IN', 'JP', 'AU', 'IL', 'NL', 'CH', 'BE', 'SE', 'KR', 'BR', 'ZA', 'NZ', 'TR', 'IE', 'IT'] as const;

let plans: readonly { readonly prefix: string; readonly pattern: RegExp }[] | undefined;

/** Loads what `isNationalNumber` asks: about 40 ms of work, which only processes that meet such a number should have. */
export async function loadNumberingPlans(): Promise<void> {
  if (plans !== undefined) return;
  const { Metadata } = await import('libphonenumber-js/min');
  const metadata = new Metadata();
  plans = COUNTRIES.map((country) => {
    metadata.selectNumberingPlan(country);
    const plan = metadata.numberingPlan as Plan | undefined; // the types leave the two out
    return { prefix: plan?.nationalPrefix?.() ?? '', pattern: new RegExp(`^(?:${plan?.nationalNumberPattern?.() ?? String.raw`\d{7,12}`})$`) };
  });
}

/** What makes a text worth loading the plans for. */
export const MAY_BE_NATIONAL = /(?<![\w+])\(?0[1-9][\d \u00a0().\-/\u2011]{5}/;

export function numberingPlansLoaded(): boolean {
  return plans !== undefined;
}

/** Whether a number that begins with 0 could be one of the countries above. Before the plans are loaded: yes. */
export function isNationalNumber(digits: string): boolean {
  if (digits.length > 12) return false;
  return plans?.some(({ prefix, pattern }) => pattern.test(digits.startsWith(prefix) ? digits.slice(prefix.length) : digits)) ?? true;
}

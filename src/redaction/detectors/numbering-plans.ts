/** What libphonenumber-js has and its types leave out. Absent in a later version: every number of fitting length counts. */
interface Plan {
  nationalNumberPattern?(): string;
  nationalPrefix?(): string | undefined;
}

/** Countries whose numbers are written with a 0 in front, the most permissive first. */
const COUNTRIES = ['DE', 'AT', 'GB', 'FR', 'IN', 'JP', 'AU', 'IL', 'NL', 'CH', 'BE', 'SE', 'KR', 'BR', 'ZA', 'NZ', 'TR', 'IE', 'IT'] as const;

let plans: RegExp | undefined;

/** Loads what `isNationalNumber` asks: about 60 ms of work, which only processes that meet such a number should have. */
export async function loadNumberingPlans(): Promise<void> {
  if (plans !== undefined) return;
  const { Metadata } = await import('libphonenumber-js/min');
  const metadata = new Metadata();
  const patterns = COUNTRIES.map((country) => {
    metadata.selectNumberingPlan(country);
    const plan = metadata.numberingPlan as Plan | undefined; // the types leave the two out
    return `${plan?.nationalPrefix?.() ?? ''}(?:${plan?.nationalNumberPattern?.() ?? String.raw`\d{7,12}`})`;
  });
  plans = new RegExp(`^(?:${patterns.join('|')})$`);
}

export function numberingPlansLoaded(): boolean {
  return plans !== undefined;
}

/** Whether a number that begins with 0 could be one of the countries above. Before the plans are loaded: yes. */
export function isNationalNumber(digits: string): boolean {
  return digits.length <= 12 && (plans?.test(digits) ?? true);
}

/**
 * What the catalogue calls the providers whose names differ here: presets, the names that vendors and tracing conventions use.
 * A name that is neither here nor the catalogue's own is nobody's: a server of one's own is not priced by the look of its name.
 */
const CATALOGUE_IDS: ReadonlyMap<string, string> = new Map([
  ['azure-openai', 'azure'],
  ['bedrock', 'aws'],
  ['copilot', 'github-copilot'],
  ['gemini', 'google'],
  ['google-vertex', 'google'],
  ['vertex', 'google'],
  ['moonshot', 'moonshotai'],
  ['voyage', 'voyageai'],
  ['xai', 'x-ai'],
]);

export function catalogueId(provider: string): string {
  return CATALOGUE_IDS.get(provider) ?? provider;
}

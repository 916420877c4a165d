import { globSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

// A comment, then the block it fills:  <!-- from examples/first-call.ts#ask -->
const EMBEDDED = /^( *)<!-- from (?<file>examples\/[\w./-]+\.ts)(?:#(?<region>[\w-]+))? -->\n\s*```\w*\n[\s\S]*?^ *```$/gm;
const REGION_MARK = /^ *\/\/ #(?:end)?region\b.*\n?/gm;

/** The documents whose code blocks may come from examples. */
export function documents(): readonly string[] {
  return globSync(['*.md', 'docs/**/*.md'], { cwd: root }).toSorted();
}

/**
 * Fills every block under a `<!-- from examples/x.ts#region -->` comment with what that file holds now: the lines between
 * `// #region name` and `// #endregion name`, or without a region the whole file.
 */
export function embedExamples(markdown: string, read: (file: string) => string): string {
  return markdown.replace(EMBEDDED, (_match, indent: string, file: string, region: string | undefined) => {
    const comment = `<!-- from ${file}${region === undefined ? '' : `#${region}`} -->`;
    const code = excerpt(read(file), file, region).map((line) => (line === '' ? '' : indent + line));
    return [`${indent}${comment}`, `${indent}\`\`\`ts`, ...code, `${indent}\`\`\``].join('\n');
  });
}

export function readExample(file: string): string {
  return readFileSync(path.join(root, file), 'utf8');
}

function excerpt(source: string, file: string, region: string | undefined): readonly string[] {
  const chosen = region === undefined ? source : regionOf(source, file, region);
  const text = chosen.replace(REGION_MARK, '').replace(/^\n+/, '').trimEnd();
  const margin = /^ */.exec(text)?.[0] ?? '';
  return text.split('\n').map((line) => (line.startsWith(margin) ? line.slice(margin.length) : line));
}

function regionOf(source: string, file: string, region: string): string {
  const lines = new RegExp(`^ *// #region ${region}\\n(?<lines>[\\s\\S]*?)^ *// #endregion ${region}$`, 'm').exec(source)?.groups?.['lines'];
  if (lines === undefined) throw new Error(`${file} has no lines between "// #region ${region}" and "// #endregion ${region}"`);
  return lines;
}

if (import.meta.main) {
  for (const file of documents()) {
    const before = readFileSync(path.join(root, file), 'utf8');
    const after = embedExamples(before, readExample);
    if (after === before) continue;
    writeFileSync(path.join(root, file), after);
    console.log(`updated ${file}`);
  }
}

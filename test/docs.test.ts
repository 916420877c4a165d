import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, embedExamples, readExample } from '../scripts/embed-examples.js';

describe.each(documents())('%s', (file) => {
  const markdown = readFileSync(file, 'utf8');

  it('shows its examples as they are now (if not: npm run docs)', () => {
    expect(markdown).toBe(embedExamples(markdown, readExample));
  });

  it('names an example in a comment only above the block it fills', () => {
    const named = markdown.match(/<!-- from /g)?.length ?? 0;
    let filled = 0;
    embedExamples(markdown, (example) => {
      filled++;
      return readExample(example);
    });
    expect(filled).toBe(named);
  });

  it('links only to files that exist', () => {
    const links = [...markdown.matchAll(/\]\((?<target>[^)\s#]+)(?:#[^)]*)?\)/g)].map((match) => match.groups?.['target'] ?? '');
    const missing = links.filter((target) => !/^[a-z]+:/.test(target) && !existsSync(path.join(path.dirname(file), target)));
    expect(missing).toEqual([]);
  });
});

describe('embedExamples', () => {
  const example = "import { a } from 'a';\n\nasync function run() {\n  // #region call\n  const one = await a();\n\n  if (one) {\n    two();\n  }\n  // #endregion call\n}\n";
  const embed = (markdown: string): string => embedExamples(markdown, () => example);

  it('fills the block below the comment with the lines of the region, moved to the left', () => {
    expect(embed('before\n\n<!-- from examples/a.ts#call -->\n```ts\nold\n```\n\nafter\n')).toBe(
      'before\n\n<!-- from examples/a.ts#call -->\n```ts\nconst one = await a();\n\nif (one) {\n  two();\n}\n```\n\nafter\n',
    );
  });

  it('takes the whole file, without the marks of its regions, where no region is named', () => {
    expect(embed('<!-- from examples/a.ts -->\n```ts\n```\n')).toBe(
      "<!-- from examples/a.ts -->\n```ts\nimport { a } from 'a';\n\nasync function run() {\n  const one = await a();\n\n  if (one) {\n    two();\n  }\n}\n```\n",
    );
  });

  it('leaves every other block alone', () => {
    const markdown = '```ts\nold\n```\n\n<!-- a comment -->\n```sh\nnpm ci\n```\n';
    expect(embed(markdown)).toBe(markdown);
  });

  it('says which region an example lacks', () => {
    expect(() => embed('<!-- from examples/a.ts#other -->\n```ts\n```\n')).toThrow('examples/a.ts has no lines between "// #region other" and "// #endregion other"');
  });
});

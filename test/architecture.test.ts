import { readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isNodeBuiltin, packageOf, placeOf, readSourceFiles, sourceFolder, unitOf, visit } from './support/source-files.js';

/** Which part of src may import which. A part that is not here is a failing test: decide first, then write it. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  types: [],
  catalog: ['types'],
  message: ['types'],
  cause: [],
  'built-in': [],
  errors: ['cause', 'types', 'message'],
  tokens: ['errors', 'types', 'message'],
  core: ['tokens', 'pricing', 'cause', 'errors', 'types', 'message'],
  routing: ['tokens', 'core', 'cause', 'errors', 'types', 'message'],
  pricing: ['cause', 'errors', 'types'],
  caching: ['built-in', 'core', 'cause', 'errors', 'types', 'message'],
  accounting: ['core', 'cause', 'errors', 'types'],
  redaction: ['built-in', 'cause', 'errors', 'types', 'message'],
  guardrails: ['guarding', 'errors', 'types'],
  redact: ['interceptors', 'redaction'],
  guarding: ['redaction', 'core', 'cause', 'errors', 'types', 'message'],
  observing: ['core', 'cause', 'errors', 'types', 'message'],
  stores: ['cause', 'errors', 'types'],
  interceptors: ['routing', 'pricing', 'tokens', 'caching', 'accounting', 'redaction', 'guarding', 'observing', 'catalog', 'core', 'cause', 'errors', 'types', 'message'],
  // OpenTelemetry's API is a peer that only this part loads.
  telemetry: ['observing', 'core', 'cause', 'errors', 'types', 'message'],
  dialects: ['cause', 'errors', 'types', 'message'],
  transport: ['cause', 'errors', 'types', 'message'],
  providers: ['dialects', 'transport', 'cause', 'errors', 'types', 'message'],
  gateway: ['core', 'errors', 'types', 'message'],
  index: ['gateway', 'core', 'interceptors', 'routing', 'pricing', 'tokens', 'caching', 'accounting', 'guarding', 'observing', 'stores', 'errors', 'types', 'message'],
  // The test kit stands where a user stands.
  testing: ['index', 'gateway', 'errors', 'types', 'message'],
};

/** Parts with a subpath of their own that stand on an optional peer: whoever imports the subpath has it. */
const loadsPeer: Readonly<Record<string, readonly string[]>> = { telemetry: ['@opentelemetry/api'] };

/** These run where there is no Node. */
const runAnywhere = ['types', 'catalog', 'message', 'cause', 'errors', 'core', 'dialects', 'gateway', 'index'];
const nodeGlobals = new Set(['Buffer', 'process', 'global', 'setImmediate', 'clearImmediate', 'require', 'module', '__dirname', '__filename']);

/** Files that are one idea and still longer than 250 lines, each with its reason. */
const longFiles: Readonly<Record<string, string>> = {};

const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly dependencies: Record<string, string> };
const files = readSourceFiles();
const names = new Set(files.map((file) => file.name));
const edges = files.flatMap((file) => file.imports.map((imported) => ({ ...imported, from: file, to: imported.file === undefined ? undefined : unitOf(imported.file) })));

describe('imports', () => {
  it('every part of src has its place in the import rules', () => {
    expect(files.filter((file) => mayImport[file.unit] === undefined).map((file) => file.name)).toEqual([]);
  });

  it('every import between parts of src goes in the allowed direction', () => {
    const wrong = edges.filter(({ from, to }) => to !== undefined && to !== from.unit && mayImport[from.unit]?.includes(to) !== true);
    expect(wrong.map(({ from, specifier }) => `${from.name} imports ${specifier}`)).toEqual([]);
  });

  it('the parts of src have an order: none reaches itself through others', () => {
    const order: string[] = [];
    const walk = (unit: string, trail: readonly string[]): void => {
      if (trail.includes(unit)) throw new Error(`a cycle: ${[...trail, unit].join(' → ')}`);
      if (order.includes(unit)) return;
      for (const { from, to } of edges) if (from.unit === unit && to !== undefined && to !== unit) walk(to, [...trail, unit]);
      order.push(unit);
    };
    for (const file of files) walk(file.unit, []);
    expect(new Set(order)).toEqual(new Set(files.map((file) => file.unit)));
  });

  it('no interceptor imports another, but for the one that lists them in order', () => {
    const wrong = edges.filter(({ from, to }) => from.unit === 'interceptors' && to === 'interceptors' && from.name !== 'interceptors/recommended.ts');
    expect(wrong.map(({ from, specifier }) => `${from.name} imports ${specifier}`)).toEqual([]);
  });

  it('nothing outside the test kit imports it', () => {
    expect(edges.filter(({ from, to }) => to === 'testing' && from.unit !== 'testing').map(({ from }) => from.name)).toEqual([]);
  });

  it('every relative import names an existing file, with its ending', () => {
    const wrong = edges.filter(({ specifier, file }) => file !== undefined && !(specifier.endsWith('.js') && names.has(file)));
    expect(wrong.map(({ from, specifier }) => `${from.name} imports ${specifier}`)).toEqual([]);
  });

  it('only declared dependencies are imported, so a vendor SDK never is', () => {
    const declared = (unit: string): readonly string[] => [...Object.keys(manifest.dependencies), ...(loadsPeer[unit] ?? [])];
    const wrong = edges.filter(({ from, specifier, file }) => file === undefined && !isNodeBuiltin(specifier) && !declared(from.unit).includes(packageOf(specifier)));
    expect(wrong.map(({ from, specifier }) => `${from.name} imports ${specifier}`)).toEqual([]);
  });

  it('Node modules are named with node:', () => {
    expect(edges.filter(({ specifier }) => isNodeBuiltin(specifier) && !specifier.startsWith('node:')).map(({ from }) => from.name)).toEqual([]);
  });

  it('nothing that must run on an edge runtime imports a Node module', () => {
    const wrong = edges.filter(({ from, specifier, kind }) => runAnywhere.includes(from.unit) && isNodeBuiltin(specifier) && kind !== 'lazy');
    expect(wrong.map(({ from, specifier }) => `${from.name} imports ${specifier}`)).toEqual([]);
  });

  it('nothing that must run on an edge runtime uses a global that only Node has', () => {
    const wrong: string[] = [];
    for (const file of files.filter(({ unit }) => runAnywhere.includes(unit))) {
      visit(file.tree, (node) => {
        // `typeof Buffer` asks whether it is there: what follows may use it.
        if (ts.isIdentifier(node) && nodeGlobals.has(node.text) && isFreeName(node) && !file.text.includes(`typeof ${node.text} `)) wrong.push(`${placeOf(file, node)} ${node.text}`);
      });
    }
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it('no file is longer than 250 lines without a stated reason', () => {
    const long = files.filter((file) => file.text.split('\n').length - 1 > 250 && longFiles[file.name] === undefined);
    expect(long.map((file) => file.name)).toEqual([]);
  });

  it('every stated reason for a long file still has its long file', () => {
    const long = new Set(files.filter((file) => file.text.split('\n').length - 1 > 250).map((file) => file.name));
    expect(Object.keys(longFiles).filter((name) => !long.has(name))).toEqual([]);
  });

  it('the type any is nowhere', () => {
    const wrong: string[] = [];
    for (const file of files) visit(file.tree, (node) => void (node.kind === ts.SyntaxKind.AnyKeyword && wrong.push(placeOf(file, node))));
    expect(wrong).toEqual([]);
  });

  it('every promise is awaited, returned, kept, caught, or marked with void', { timeout: 60_000 }, () => {
    expect(floatingPromises()).toEqual([]);
  });
});

/** Not the name of a property, a member or a parameter. */
function isFreeName(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  return !(ts.isNamedTupleMember(parent) || ts.isPropertySignature(parent) || ts.isPropertyAssignment(parent) || ts.isMethodDeclaration(parent) || ts.isBindingElement(parent) || ts.isParameter(parent) || ts.isVariableDeclaration(parent));
}

/** Statements that let a promise go, rejection and all. */
function floatingPromises(): readonly string[] {
  const { config } = ts.readConfigFile('tsconfig.json', (file) => readFileSync(file, 'utf8')) as { config: object };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: ['src'] }, ts.sys, process.cwd());
  const program = ts.createProgram(files.map((file) => path.join(sourceFolder, file.name)), options);
  const checker = program.getTypeChecker();
  const found: string[] = [];
  for (const file of files) {
    const tree = program.getSourceFile(path.join(sourceFolder, file.name));
    if (tree === undefined) throw new Error(`src/${file.name} is not part of the program`);
    visit(tree, (node) => {
      if (!ts.isExpressionStatement(node) || isSettledFor(node.expression)) return;
      const { expression } = node;
      if (checker.getPropertyOfType(checker.getTypeAtLocation(expression), 'then') !== undefined) found.push(placeOf({ ...file, tree }, node));
    });
  }
  return found;
}

function isSettledFor(expression: ts.Expression): boolean {
  if (ts.isVoidExpression(expression) || ts.isBinaryExpression(expression)) return true;
  if (!ts.isCallExpression(expression) || !ts.isPropertyAccessExpression(expression.expression)) return false;
  const method = expression.expression.name.text;
  return method === 'catch' || (method === 'then' && expression.arguments.length === 2);
}

import { globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import ts from 'typescript';

export interface SourceImport {
  readonly specifier: string;
  /** `type` leaves no trace at run time, `lazy` is an `import()`. */
  readonly kind: 'static' | 'type' | 'lazy';
  /** For a relative import: the file it names, below src. */
  readonly file: string | undefined;
}

export interface SourceFile {
  /** Below src, with forward slashes: `core/fold.ts`. */
  readonly name: string;
  /** Its folder, or for a file directly in src its own name: `core`, `errors`. */
  readonly unit: string;
  readonly text: string;
  readonly imports: readonly SourceImport[];
  readonly tree: ts.SourceFile;
}

export const sourceFolder = path.resolve('src');

/** Every file below src, parsed. */
export function readSourceFiles(): readonly SourceFile[] {
  return globSync('**/*.ts', { cwd: sourceFolder })
    .toSorted()
    .map((file) => {
      const name = file.split(path.sep).join('/');
      const text = readFileSync(path.join(sourceFolder, name), 'utf8');
      const tree = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
      return { name, unit: unitOf(name), text, tree, imports: importsOf(name, tree) };
    });
}

export function unitOf(name: string): string {
  return name.split('/')[0]?.replace(/\.ts$/, '') ?? name;
}

export function isNodeBuiltin(specifier: string): boolean {
  return specifier.startsWith('node:') || builtinModules.includes(specifier);
}

/** `@google/genai` of `@google/genai/node`. */
export function packageOf(specifier: string): string {
  return specifier.split('/').slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
}

/** Visits every node of a tree, parents first. */
export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** Where a node stands, to click on. */
export function placeOf(file: SourceFile, node: ts.Node): string {
  return `src/${file.name}:${file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1}`;
}

function importsOf(name: string, tree: ts.SourceFile): readonly SourceImport[] {
  const found: SourceImport[] = [];
  const add = (specifier: ts.Node | undefined, kind: SourceImport['kind']): void => {
    if (specifier === undefined) return;
    if (!ts.isStringLiteralLike(specifier)) throw new Error(`src/${name} imports something that is not a literal: ${specifier.getText(tree)}`);
    const file = specifier.text.startsWith('.') ? path.posix.join(path.posix.dirname(name), specifier.text.replace(/\.js$/, '.ts')) : undefined;
    found.push({ specifier: specifier.text, kind, file });
  };
  visit(tree, (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeImport(node) ? 'type' : 'static');
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly ? 'type' : 'static');
    else if (ts.isImportTypeNode(node)) add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument, 'type');
    else if (ts.isCallExpression(node) && isModuleCall(node)) add(node.arguments[0], 'lazy');
  });
  return found;
}

function isTypeImport(declaration: ts.ImportDeclaration): boolean {
  return declaration.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function isModuleCall(call: ts.CallExpression): boolean {
  return call.expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(call.expression) && call.expression.text === 'require');
}

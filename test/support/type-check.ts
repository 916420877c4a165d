import path from 'node:path';
import ts from 'typescript';

/** Kept so that the next module does not have the same declarations read again. */
let last: ts.Program | undefined;

/** What the compiler says of a module with this text, as if it stood in the root of the project; none when it is right. */
export function typeErrors(text: string): readonly string[] {
  const file = path.resolve('type-check.virtual.ts');
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const readSource = host.getSourceFile.bind(host);
  host.getSourceFile = (name, ...rest) => (name === file ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023, true) : readSource(name, ...rest));
  const exists = host.fileExists.bind(host);
  host.fileExists = (name) => name === file || exists(name);
  last = ts.createProgram([file], options, host, last);
  return last.getSemanticDiagnostics(last.getSourceFile(file)).map(({ messageText, start = 0 }) => {
    const place = text.slice(start, start + 80).split('\n')[0];
    return `${ts.flattenDiagnosticMessageText(messageText, '\n')} at ${place}`;
  });
}

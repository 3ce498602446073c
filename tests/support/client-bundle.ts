import ts from "typescript";
import type { SourceFile } from "@/tests/support/architecture-rules";

/** The modules that a file brings into a bundle: types vanish before anything is bundled. */
function bundledImports({ path, text }: SourceFile): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    const specifier = statement.moduleSpecifier;
    if (!specifier || !ts.isStringLiteral(specifier) || isTypeOnly(statement)) return [];
    return [specifier.text];
  });
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  // Without a clause it is imported for what it does.
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
}

/**
 * How a client component comes to a package, as "file → file → package"; empty
 * if it does not. `read` answers undefined for what is no file of ours.
 */
export function waysToPackage(
  entry: SourceFile,
  unwanted: string,
  read: (module: string, from: string) => SourceFile | undefined,
  seen: Set<string> = new Set(),
): string[] {
  seen.add(entry.path);
  // What runs on the server stands in the bundle by its name alone.
  if (/^\s*"use server"/.test(entry.text)) return [];
  return bundledImports(entry).flatMap((module) => {
    if (module === unwanted || module.startsWith(`${unwanted}/`)) {
      return [`${entry.path} → ${module}`];
    }
    const next = read(module, entry.path);
    if (!next || seen.has(next.path)) return [];
    return waysToPackage(next, unwanted, read, seen).map((way) => `${entry.path} → ${way}`);
  });
}

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { ROOT } from "../setup/paths.mjs";

/**
 * What a file declares at its top, and where the names come from that it takes from others.
 * @typedef {{ file: string, source: ts.SourceFile, declared: Map<string, ts.Node>, imported: Map<string, { file: string, name: string }> }} Module
 */

/** @type {Map<string, Module>} */
const modules = new Map();

/**
 * A file of ours, read once.
 * @param {string} file relative to the root
 * @returns {Module}
 */
export function moduleOf(file) {
  const known = modules.get(file);
  if (known) return known;
  const text = readFileSync(path.join(ROOT, file), "utf8");
  const kind = file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  /** @type {Module} */
  const made = { file, source, declared: new Map(), imported: new Map() };
  for (const statement of source.statements) note(statement, made);
  modules.set(file, made);
  return made;
}

/**
 * @param {ts.Statement} statement
 * @param {Module} module
 */
function note(statement, module) {
  if (ts.isFunctionDeclaration(statement) && statement.name) {
    module.declared.set(statement.name.text, statement);
  }
  if (ts.isVariableStatement(statement)) noteVariables(statement, module.declared);
  if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
    const file = fileOf(statement.moduleSpecifier.text, module.file);
    const bindings = statement.importClause?.namedBindings;
    if (file === null || !bindings || !ts.isNamedImports(bindings)) return;
    for (const { name, propertyName } of bindings.elements) {
      module.imported.set(name.text, { file, name: (propertyName ?? name).text });
    }
  }
}

/**
 * @param {ts.VariableStatement} statement
 * @param {Map<string, ts.Node>} declared
 */
function noteVariables({ declarationList }, declared) {
  for (const { name, initializer } of declarationList.declarations) {
    if (ts.isIdentifier(name) && initializer) declared.set(name.text, initializer);
    if (ts.isObjectBindingPattern(name)) noteParts(name, initializer, declared);
  }
}

/**
 * `const { view, manage } = TEAM_PERMISSIONS`: each is that property of it.
 * @param {ts.ObjectBindingPattern} pattern
 * @param {ts.Expression | undefined} initializer
 * @param {Map<string, ts.Node>} declared
 */
function noteParts(pattern, initializer, declared) {
  if (!initializer) return;
  for (const { name, propertyName } of pattern.elements) {
    if (!ts.isIdentifier(name)) continue;
    const key = propertyName && ts.isIdentifier(propertyName) ? propertyName.text : name.text;
    declared.set(name.text, ts.factory.createPropertyAccessExpression(initializer, key));
  }
}

/**
 * @param {string} specifier
 * @param {string} from
 * @returns {string | null} null for a package
 */
function fileOf(specifier, from) {
  if (!/^(@\/|\.)/.test(specifier)) return null;
  const bare = specifier.startsWith("@/")
    ? specifier.slice(2)
    : path.posix.join(path.posix.dirname(from), specifier);
  return [`${bare}.ts`, `${bare}.tsx`].find((file) => existsSync(path.join(ROOT, file))) ?? null;
}

/**
 * Where a name is declared, followed to the file that declares it: around its use, or at the top.
 * @param {ts.Identifier} name
 * @param {Module} module
 * @returns {{ node: ts.Node, module: Module } | null}
 */
export function declarationOf(name, module) {
  const near = declaredAround(name);
  return near ? { node: near, module } : declaredAtTop(name.text, module);
}

/**
 * @param {string} name
 * @param {Module} module
 * @returns {{ node: ts.Node, module: Module } | null}
 */
function declaredAtTop(name, module) {
  const own = module.declared.get(name);
  if (own) return { node: own, module };
  const from = module.imported.get(name);
  return from ? declaredAtTop(from.name, moduleOf(from.file)) : null;
}

/**
 * `const` within the function that the name stands in.
 * @param {ts.Identifier} name
 * @returns {ts.Node | undefined}
 */
function declaredAround(name) {
  // What was put together here stands in no file.
  let above = /** @type {ts.Node | undefined} */ (name.parent);
  for (; above !== undefined && !ts.isSourceFile(above); above = above.parent) {
    if (!ts.isBlock(above)) continue;
    const found = declaredIn(above).get(name.text);
    if (found) return found;
  }
  return undefined;
}

/** @type {WeakMap<ts.Block, Map<string, ts.Node>>} */
const blocks = new WeakMap();

/** @param {ts.Block} block */
function declaredIn(block) {
  const known = blocks.get(block);
  if (known) return known;
  /** @type {Map<string, ts.Node>} */
  const declared = new Map();
  for (const statement of block.statements) {
    if (ts.isVariableStatement(statement)) noteVariables(statement, declared);
  }
  blocks.set(block, declared);
  return declared;
}

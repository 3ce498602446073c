import { globSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { ROOT } from "../setup/paths.mjs";
import { moduleOf } from "./modules.mjs";
import { permissionsAsked } from "./requirements.mjs";

// What it takes to use each page, action and handler, read from the code that asks for it. Who reads
// code can be wrong, so the inventory test holds this against the list by which a running build is
// called by everybody who may not, and fails where they differ. The API's own table says what its
// endpoints take, and is not read here.

/** @typedef {import("./collect.d.mts").Needs} Needs */
/** @typedef {import("./collect.d.mts").PageCoverage} PageCoverage */
/** @typedef {import("./collect.d.mts").ActionCoverage} ActionCoverage */
/** @typedef {{ pages: PageCoverage[], handlers: PageCoverage[], actions: ActionCoverage[] }} CoverageMap */

/** What starts with a dot is not within `**`. */
const HANDLERS = ["app/**/route.ts", "app/.well-known/**/route.ts", "app/*.svg"];

/** @returns {CoverageMap} */
export function collectCoverage() {
  return {
    pages: filesOf("app/**/page.tsx").map((file) => ({
      route: routeOf(file),
      needs: pageNeeds(file),
    })),
    handlers: HANDLERS.flatMap(filesOf).map((file) => ({
      route: routeOf(file),
      // What the API's table answers asks there; the others know their callers by something else.
      needs: "anonymous",
    })),
    actions: filesOf("app/**/actions.ts").flatMap((file) => actionsIn(moduleOf(file))),
  };
}

/** @param {string} pattern */
const filesOf = (pattern) =>
  globSync(pattern, { cwd: ROOT })
    .map((file) => file.replaceAll(path.sep, "/"))
    .sort();

/**
 * The address of a page or handler: groups in parentheses are no part of it.
 * @param {string} file
 */
function routeOf(file) {
  const isImage = file.endsWith(".svg");
  const segments = (isImage ? file : path.posix.dirname(file)).split("/").slice(1);
  return `/${segments.filter((segment) => !/^\(.*\)$/.test(segment)).join("/")}`;
}

/**
 * @param {string} file
 * @returns {Needs}
 */
function pageNeeds(file) {
  const read = moduleOf(file);
  const page = read.source.statements.find(
    (node) => ts.isFunctionDeclaration(node) && has(node, ts.SyntaxKind.DefaultKeyword),
  );
  if (!page || !ts.isFunctionDeclaration(page) || !page.body) {
    throw new Error(`${file}: its default export is no function declaration`);
  }
  const declared = declaredNeeds(page);
  if (declared !== null) return declared;
  if (!calls(page.body, ["requireCaller", "requirePermission"])) return "anonymous";
  return permissionsAsked(page.body, read)[0] ?? "signed-in";
}

/**
 * @param {import("./modules.mjs").Module} module
 * @returns {ActionCoverage[]}
 */
export function actionsIn(module) {
  const { file } = module;
  return module.source.statements.flatMap((node) => {
    if (!ts.isFunctionDeclaration(node) || !has(node, ts.SyntaxKind.ExportKeyword)) return [];
    if (!node.name || !node.body) return [];
    const asked = permissionsAsked(node.body, module);
    return {
      file,
      name: node.name.text,
      needs:
        declaredNeeds(node) ??
        (calls(node.body, ["runPublicAction"]) ? "anonymous" : neededBy(asked)),
    };
  });
}

/**
 * Whoever changes something looks at it first: what they need is what changes it.
 * @param {string[]} asked
 * @returns {Needs}
 */
const neededBy = (asked) =>
  asked.find((key) => !key.startsWith("view_")) ?? asked[0] ?? "signed-in";

/**
 * `@needs signed-in`, where what is asked on the way is asked of somebody else, or depends.
 * @param {ts.Node} node
 * @returns {Needs | null}
 */
function declaredNeeds(node) {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === "needs");
  const [needs] = (ts.getTextOfJSDocComment(tag?.comment) ?? "").trim().split(/\s/);
  return needs || null;
}

/**
 * @param {ts.FunctionDeclaration} node
 * @param {ts.SyntaxKind} kind
 */
const has = (node, kind) =>
  (ts.getModifiers(node) ?? []).some((modifier) => modifier.kind === kind);

/**
 * @param {ts.Node} node
 * @param {string[]} names
 * @returns {boolean}
 */
function calls(node, names) {
  if (
    ts.isCallExpression(node) &&
    ts.isIdentifier(node.expression) &&
    names.includes(node.expression.text)
  ) {
    return true;
  }
  return ts.forEachChild(node, (child) => calls(child, names) || undefined) ?? false;
}

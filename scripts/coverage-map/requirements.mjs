import ts from "typescript";
import { declarationOf } from "./modules.mjs";

/** @typedef {import("./modules.mjs").Module} Module */

/** How permissions are declared: `definePermissions({ view: { key: "…" } })`. */
const DECLARES = "definePermissions";

/** They look what somebody holds, and refuse nothing. */
const LOOKS_ONLY = ["can", "holdsOnInstance", "listHolders", "listGivable"];

/** What a function asks, read once. @type {Map<ts.Node, string[]>} */
const askedIn = new Map();

/**
 * The key of the permission that an expression names; null for any other.
 * @param {ts.Node} node
 * @param {Module} module
 * @returns {string | null}
 */
function permissionOf(node, module) {
  if (ts.isIdentifier(node)) {
    const found = declarationOf(node, module);
    return found && ts.isPropertyAccessExpression(found.node)
      ? permissionOf(found.node, found.module)
      : null;
  }
  if (!ts.isPropertyAccessExpression(node) || !ts.isIdentifier(node.expression)) return null;
  const group = declarationOf(node.expression, module);
  return group ? keyIn(group.node, node.name.text) : null;
}

/**
 * @param {ts.Node} group
 * @param {string} property
 * @returns {string | null}
 */
function keyIn(group, property) {
  if (!ts.isCallExpression(group) || group.expression.getText() !== DECLARES) return null;
  const [permissions] = group.arguments;
  const declared = permissions && valueOf(permissions, property);
  const key = declared && valueOf(declared, "key");
  return key && ts.isStringLiteral(key) ? key.text : null;
}

/**
 * @param {ts.Expression} object
 * @param {string} name
 * @returns {ts.Expression | undefined}
 */
function valueOf(object, name) {
  if (!ts.isObjectLiteralExpression(object)) return undefined;
  const property = object.properties.find(
    (one) => ts.isPropertyAssignment(one) && one.name.getText() === name,
  );
  return property && ts.isPropertyAssignment(property) ? property.initializer : undefined;
}

/**
 * The permissions that are handed on when this runs, through everything of ours that it calls, in
 * the order in which that happens.
 * @param {ts.Node} node
 * @param {Module} module
 * @returns {string[]}
 */
export function permissionsAsked(node, module) {
  if (ts.isTypeNode(node)) return [];
  const own = permissionOf(node, module);
  if (own !== null) return [own];
  if (ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node)) {
    // Of what is handed on by name, only this decides.
    const value = ts.isPropertyAssignment(node) ? node.initializer : node.name;
    const decides = node.name.getText() === "permission" || ts.isFunctionLike(value);
    return decides || ts.isCallExpression(value) ? permissionsAsked(value, module) : [];
  }
  if (ts.isCallExpression(node)) return askedByCall(node, module);
  if (ts.isIdentifier(node)) return isHandedOn(node) ? askedBehind(node, module) : [];
  /** @type {string[]} */
  const found = [];
  ts.forEachChild(node, (child) => {
    found.push(...permissionsAsked(child, module));
  });
  return found;
}

/**
 * What it is given comes before what it does.
 * @param {ts.CallExpression} call
 * @param {Module} module
 */
function askedByCall({ expression, arguments: given }, module) {
  const isName = ts.isIdentifier(expression);
  if (isName && LOOKS_ONLY.includes(expression.text)) return [];
  return [
    ...given.flatMap((argument) => permissionsAsked(argument, module)),
    ...(isName ? askedBehind(expression, module) : permissionsAsked(expression, module)),
  ];
}

/**
 * @param {ts.Identifier} name
 * @param {Module} module
 * @returns {string[]}
 */
function askedBehind(name, module) {
  const called = declarationOf(name, module);
  if (called === null || !ts.isFunctionLike(called.node)) return [];
  const known = askedIn.get(called.node);
  if (known) return known;
  // Whoever calls itself asks nothing more by it.
  askedIn.set(called.node, []);
  const asked = [...new Set(permissionsAsked(called.node, called.module))];
  askedIn.set(called.node, asked);
  return asked;
}

/**
 * A function that is handed on runs as well.
 * @param {ts.Identifier} node
 */
function isHandedOn(node) {
  // What was put together here stands in no file.
  const parent = /** @type {ts.Node | undefined} */ (node.parent);
  return (
    parent !== undefined && (ts.isCallExpression(parent) || ts.isConditionalExpression(parent))
  );
}

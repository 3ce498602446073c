import ts from "typescript";
import type { SourceFile } from "@/tests/support/architecture-rules";

// What people read stands in the catalogue. This finds what stands in the code instead.

/** What `title="…"` and `title: "…"` show to somebody, whatever the text looks like. */
const SHOWN =
  /^(?:label|title|placeholder|alt|hint|description|heading|caption|message|text|term|note|trigger|aria-(?:label|description|valuetext|roledescription|placeholder)|\w+(?:Label|Title|Text|Words|Hint))$/;
/** What takes values that only look like words, such as classes and the names of colours. */
const NEVER_SHOWN =
  /^(?:className|class|href|id|name|key|type|tone|size|variant|role|rel|method|autoComplete|inputMode|httpEquiv|d|viewBox|lang|dir|charSet|target|action)$/;
/** What is said to whoever runs or writes the program. */
const FOR_OPERATORS =
  /^(?:log\.\w+|console\.\w+|cn|buttonClass|titled|getTranslations|useTranslations|t|t\.\w+)$/;

/** A product's name, and what stands for itself. */
const NAMES = new Set(["Gatehouse", "Mac"]);

/** Begins like a sentence or a label, or is a row of plain words. */
const LOOKS_LIKE_WORDS =
  /^[A-Z][a-z]+(?:[ ,.:;?!’…]|$)|^(?:[A-Za-z’]+[,.:;?!]?(?: |$)){4}|^[a-z’]+(?: [a-z’]+)+[.:?!]$/;

const hasLetters = (text: string): boolean => /\p{L}{2}/u.test(text);

/** The name of the attribute, property or call that a text is given to; empty for none. */
function givenTo(node: ts.Node): { kind: "named" | "called" | "thrown" | "none"; name: string } {
  for (let above = node.parent; !ts.isSourceFile(above); above = above.parent) {
    if (ts.isJsxAttribute(above)) return { kind: "named", name: above.name.getText() };
    if (ts.isPropertyAssignment(above)) return { kind: "named", name: above.name.getText() };
    if (ts.isNewExpression(above)) return { kind: "thrown", name: "" };
    if (ts.isCallExpression(above)) return { kind: "called", name: above.expression.getText() };
    if (
      ts.isImportDeclaration(above) ||
      ts.isExportDeclaration(above) ||
      ts.isLiteralTypeNode(above)
    ) {
      return { kind: "thrown", name: "" };
    }
    const passesOn =
      ts.isConditionalExpression(above) ||
      ts.isBinaryExpression(above) ||
      ts.isParenthesizedExpression(above) ||
      ts.isTemplateExpression(above) ||
      ts.isTemplateSpan(above) ||
      ts.isAsExpression(above) ||
      (ts.isJsxExpression(above) && ts.isJsxAttribute(above.parent));
    if (!passesOn) return { kind: "none", name: "" };
  }
  return { kind: "none", name: "" };
}

/** Compared with, and so never shown. */
const isCompared = (node: ts.Node): boolean =>
  ts.isBinaryExpression(node.parent) &&
  [ts.SyntaxKind.EqualsEqualsEqualsToken, ts.SyntaxKind.ExclamationEqualsEqualsToken].includes(
    node.parent.operatorToken.kind,
  );

function isWords(text: string, node: ts.Node): boolean {
  if (!hasLetters(text) || NAMES.has(text) || isCompared(node)) return false;
  const { kind, name } = givenTo(node);
  if (kind === "thrown" || (kind === "called" && FOR_OPERATORS.test(name))) return false;
  if (kind === "named" && NEVER_SHOWN.test(name)) return false;
  if (kind === "named" && SHOWN.test(name)) return true;
  return LOOKS_LIKE_WORDS.test(text);
}

/** Texts of a file that somebody would read, with their lines. */
export function wordsInCode({ path, text }: SourceFile): string[] {
  const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, kind);
  const found: string[] = [];
  const add = (node: ts.Node, words: string): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    found.push(`${path}:${line + 1}: ${words.trim().replace(/\s+/g, " ")}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) {
      if (hasLetters(node.text) && !NAMES.has(node.text.trim())) add(node, node.text);
    } else if (
      ts.isStringLiteral(node) ||
      ts.isNoSubstitutionTemplateLiteral(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    ) {
      if (isWords(node.text, node)) add(node, node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

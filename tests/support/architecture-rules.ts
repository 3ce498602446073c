import path from "node:path";
import ts from "typescript";

// Rules about how files are written that neither the linter nor the feature
// graph can say. Each takes a file's path and text, and answers what is wrong.

export interface SourceFile {
  path: string;
  text: string;
}

const parse = ({ path: name, text }: SourceFile): ts.SourceFile =>
  ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);

/** The node and everything below it. */
function* within(node: ts.Node): Generator<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    children.push(child);
  });
  for (const child of children) yield* within(child);
}

const contains = (node: ts.Node, matches: (node: ts.Node) => boolean): boolean =>
  [...within(node)].some(matches);

const isCallOf = (node: ts.Node, names: readonly string[]): node is ts.CallExpression =>
  ts.isCallExpression(node) &&
  ts.isIdentifier(node.expression) &&
  names.includes(node.expression.text);

/** The names that a file takes from a module, under the names that it gives them. */
function importedFrom(file: ts.SourceFile, module: string): string[] {
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) || !ts.isStringLiteral(statement.moduleSpecifier)) {
      return [];
    }
    const bindings = statement.importClause?.namedBindings;
    if (statement.moduleSpecifier.text !== module || !bindings || !ts.isNamedImports(bindings)) {
      return [];
    }
    // Under another name it would not be recognised below, so it does not count.
    return bindings.elements
      .filter(({ propertyName }) => propertyName === undefined)
      .map(({ name }) => name.text);
  });
}

const isExported = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);

const isDefault = (node: ts.Statement): boolean =>
  ts.canHaveModifiers(node) &&
  (ts.getModifiers(node) ?? []).some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword);

/** The address of a page or handler: groups in parentheses are not part of it. */
export function routeOfFile(file: string): string {
  const segments = path.posix.dirname(file).split("/").slice(1);
  return `/${segments.filter((segment) => !/^\(.*\)$/.test(segment)).join("/")}`;
}

const PAGE_GUARDS = ["requireCaller", "requirePermission"] as const;

/** Only what the address says may be looked at before the guard has spoken. */
const isAddress = ({ expression }: ts.AwaitExpression): boolean =>
  ts.isIdentifier(expression) && ["params", "searchParams"].includes(expression.text);

/** True where the statement cannot be passed without the guard's consent. */
function isGuarding(statement: ts.Statement, guards: readonly string[]): boolean {
  if (!ts.isVariableStatement(statement) && !ts.isExpressionStatement(statement)) return false;
  const call = [...within(statement)].find((node) => isCallOf(node, guards));
  if (call === undefined || !ts.isAwaitExpression(call.parent)) return false;
  for (let above: ts.Node = call.parent; above !== statement; above = above.parent) {
    // Somewhere where it may not run, or where nobody waits for it.
    const evadable =
      ts.isFunctionLike(above) ||
      ts.isConditionalExpression(above) ||
      (ts.isBinaryExpression(above) && above.operatorToken.kind !== ts.SyntaxKind.EqualsToken);
    if (evadable) return false;
  }
  return true;
}

const isJsx = (node: ts.Node): boolean =>
  ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node);

/** A page asks who is there before it reads, renders or answers anything (D2, ATK-01). */
export function unguardedPage(source: SourceFile): string[] {
  const file = parse(source);
  const guards = importedFrom(file, "@/app/_http/page").filter((name) =>
    PAGE_GUARDS.some((guard) => guard === name),
  );
  const page = file.statements.find(
    (node): node is ts.FunctionDeclaration => ts.isFunctionDeclaration(node) && isDefault(node),
  );
  if (!page?.body) return ["its default export is no function declaration"];
  for (const statement of page.body.statements) {
    if (isGuarding(statement, guards)) return [];
    const early = [...within(statement)].some(
      (node) =>
        ts.isReturnStatement(node) ||
        isJsx(node) ||
        (ts.isAwaitExpression(node) && !isAddress(node)),
    );
    if (early) return ["something happens before a guard of app/_http/page has spoken"];
  }
  return ["no guard of app/_http/page is awaited"];
}

/** A route handler answers through the API's table, which guards; anything else is listed as public. */
export function unguardedHandler(source: SourceFile): string[] {
  const file = parse(source);
  const answers = importedFrom(file, "@/app/api/dispatch").includes("answerApiRequest");
  const methods = file.statements.filter(
    (node) => isExported(node) && ts.isFunctionDeclaration(node),
  );
  return answers && methods.length === 0 ? [] : ["it does not answer through app/api/dispatch"];
}

const directivesOf = (body: ts.NodeArray<ts.Statement>): string[] =>
  body.flatMap((statement) =>
    ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression)
      ? [statement.expression.text]
      : [],
  );

/** Every export of a "use server" file is an address that anybody can post to (ATK-06). */
export function misplacedUseServer(source: SourceFile): string[] {
  const file = parse(source);
  const isActionsFile = /^app\/(.+\/)?actions\.ts$/.test(source.path);
  const atTop = directivesOf(file.statements).includes("use server");
  const inside = contains(
    file,
    (node) => ts.isBlock(node) && directivesOf(node.statements).includes("use server"),
  );
  return [
    ...(inside ? ['"use server" stands inside a function'] : []),
    ...(atTop && !isActionsFile ? ['"use server" stands outside app/**/actions.ts'] : []),
    ...(isActionsFile && !atTop ? ['actions.ts does not begin with "use server"'] : []),
  ];
}

const RUNNERS = ["runAction", "runPublicAction"];

/** Actions run within the wrappers that check origin, caller and input, and do nothing before. */
export function unwrappedActions(
  source: SourceFile,
  mayBeAnonymous: (action: string) => boolean,
): string[] {
  const file = parse(source);
  const runners = importedFrom(file, "@/app/_http/action").filter((name) => RUNNERS.includes(name));
  return file.statements
    .filter(
      (node) => isExported(node) || ts.isExportAssignment(node) || ts.isExportDeclaration(node),
    )
    .flatMap((node) => {
      if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node)) return [];
      if (!ts.isFunctionDeclaration(node) || !node.body || !node.name) {
        return ["it exports something else than function declarations"];
      }
      const name = node.name.text;
      const last = node.body.statements.at(-1);
      const call = last && wrappedCall(last, runners);
      if (!call) return [`${name} does not end in one of ${RUNNERS.join(", ")}`];
      const early = node.body.statements
        .slice(0, -1)
        .some((statement) =>
          contains(
            statement,
            (inner) => ts.isAwaitExpression(inner) || ts.isReturnStatement(inner),
          ),
        );
      return [
        ...(early ? [`${name} does something before it is wrapped`] : []),
        ...(call === "runPublicAction" && !mayBeAnonymous(name)
          ? [`${name} lets anybody in, and the inventory does not`]
          : []),
      ];
    });
}

function wrappedCall(statement: ts.Statement, runners: string[]): string | undefined {
  const expression =
    ts.isReturnStatement(statement) || ts.isExpressionStatement(statement)
      ? statement.expression
      : undefined;
  const called =
    expression && ts.isAwaitExpression(expression) ? expression.expression : expression;
  return called && isCallOf(called, runners) && ts.isIdentifier(called.expression)
    ? called.expression.text
    : undefined;
}

/** Code for browsers has its places, where the feature graph keeps server code out. */
export function misplacedUseClient(source: SourceFile): string[] {
  const allowed =
    /^components\/|\/_components\//.test(source.path) ||
    /^app\/(.+\/)?(error|global-error)\.tsx$/.test(source.path);
  return !allowed && directivesOf(parse(source).statements).includes("use client")
    ? ['"use client" stands outside components/, _components/ and error pages']
    : [];
}

const FORBIDDEN_NAMES: Record<string, string> = {
  $queryRawUnsafe: "a statement made of strings (ATK-57)",
  $executeRawUnsafe: "a statement made of strings (ATK-57)",
  dangerouslySetInnerHTML: "markup made of strings (ATK-65)",
  innerHTML: "markup made of strings (ATK-65)",
  outerHTML: "markup made of strings (ATK-65)",
  insertAdjacentHTML: "markup made of strings (ATK-65)",
};

/** What turns text into statements, markup or code, and what is no randomness. */
export function dangerousCode(source: SourceFile): string[] {
  return [...within(parse(source))].flatMap((node) => {
    if (ts.isIdentifier(node) && Object.hasOwn(FORBIDDEN_NAMES, node.text)) {
      return [`${node.text}: ${FORBIDDEN_NAMES[node.text]}`];
    }
    if (isCallOf(node, ["eval", "Function"])) return ["code made of strings"];
    if (ts.isNewExpression(node) && node.expression.getText() === "Function") {
      return ["code made of strings"];
    }
    if (ts.isPropertyAccessExpression(node) && node.getText() === "Math.random") {
      return ["Math.random: it can be foretold"];
    }
    return [];
  });
}

/** The environment under another name, where the linter does not look for it. */
export const importsEnvironment = (source: SourceFile): string[] =>
  parse(source).statements.some(
    (node) =>
      ts.isImportDeclaration(node) &&
      ts.isStringLiteral(node.moduleSpecifier) &&
      /^(node:)?process$/.test(node.moduleSpecifier.text),
  )
    ? ["it imports process, whose env is read in lib/platform/config.ts alone"]
    : [];

import { mkdirSync, writeFileSync } from "node:fs";
import { inRoot } from "../setup/paths.mjs";
import { collectCoverage } from "./collect.mjs";

const HEADER = `// Made from the pages and actions by scripts/coverage-map at every build. Not to be edited.

/** \`anonymous\` needs no session, \`signed-in\` any; all else is the key of a permission. */
interface Covered {
  needs: string;
}
`;

/** Writes what each page, action and handler takes to where the page about it reads it. */
export function writeCoverageMap() {
  const { pages, handlers, actions } = collectCoverage();
  const list = (
    /** @type {string} */ name,
    /** @type {string} */ type,
    /** @type {unknown} */ rows,
  ) => `\nexport const ${name}: (Covered & ${type})[] = ${JSON.stringify(rows, null, 2)};\n`;
  mkdirSync(inRoot("generated"), { recursive: true });
  writeFileSync(
    inRoot("generated/coverage-map.ts"),
    HEADER +
      list("PAGES", "{ route: string }", pages) +
      list("HANDLERS", "{ route: string }", handlers) +
      list("ACTIONS", "{ file: string; name: string }", actions),
  );
}

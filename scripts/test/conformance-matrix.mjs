import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { PLANS } from "../../tests/conformance/modules.mjs";
import { inRoot } from "../setup/paths.mjs";
import { CONFORMANCE_DIR } from "./conformance-reporter.mjs";

const PAGE = "docs/conformance.md";

/**
 * @typedef {{ file: string, name: string, passed: boolean }} Proof a test and what it came to
 * @typedef {import("../../tests/conformance/modules.mjs").Plan} Plan
 */

/**
 * The matrix as a page, and what speaks against it: a module that nothing proves, that failed, or
 * that is said not to be offered and is tested all the same. Pure.
 * @param {readonly Plan[]} plans
 * @param {readonly Proof[]} proofs
 * @returns {{ page: string, problems: string[] }}
 */
export function matrixOf(plans, proofs) {
  /** @type {string[]} */
  const problems = [];
  const sections = plans.map(({ title, modules }) => {
    const rows = modules.map(({ id, checks, notOffered }) => {
      const own = proofs.filter(({ name }) => names(name, id));
      if (notOffered === undefined && own.length === 0) problems.push(`${id}: no test proves it`);
      if (notOffered !== undefined && own.length > 0)
        problems.push(`${id}: tested, yet not offered`);
      if (own.some(({ passed }) => !passed)) problems.push(`${id}: a test of it did not pass`);
      const result = notOffered === undefined ? resultOf(own) : `not offered: ${notOffered}`;
      return `| ${id} | ${checks} | ${result} |`;
    });
    return [`## ${title}`, "", "| module | what is checked | result |", "|--|--|--|", ...rows].join(
      "\n",
    );
  });
  return { page: `${INTRODUCTION}\n${sections.join("\n\n")}\n`, problems };
}

const INTRODUCTION = `# Conformance

What the authorization server is held against, and what came of it. The page is written by
\`npm test\`, from the tests under \`${CONFORMANCE_DIR}\` that have passed; with \`CI=true\` the run
fails when it says anything else. The OpenID Foundation's suite itself is a Java program with a
database and does not run here: its modules are written anew as tests of the same names, and driven
from outside by openid-client and oauth4webapi where these can express the case.
`;

/**
 * Whether a test's name has this id in it, as a whole: BCP-1 is not in BCP-12.
 * @param {string} name
 * @param {string} id
 */
const names = (name, id) =>
  new RegExp(`(?<![\\w-])${id.replaceAll(".", "\\.")}(?![\\w-])`).test(name);

/** @param {readonly Proof[]} proofs */
function resultOf(proofs) {
  if (proofs.length === 0) return "not proven";
  if (proofs.some(({ passed }) => !passed)) return "FAILED";
  const files = [...new Set(proofs.map(({ file }) => file))].toSorted();
  const names = files.map((file) => `\`${file.slice(CONFORMANCE_DIR.length).split(".")[0]}\``);
  return `passed: ${names.join(", ")}`;
}

/**
 * Brings docs/conformance.md up to date after a run of all conformance tests, and returns what is
 * wrong with it; undefined when nothing is, or when the run said nothing about it.
 * @param {string} proofsFile
 * @param {{ ci: boolean }} options in CI the page is compared, never written
 * @returns {string | undefined}
 */
export function settleConformance(proofsFile, { ci }) {
  if (!existsSync(proofsFile)) return undefined;
  /** @type {Proof[]} */
  const proofs = JSON.parse(readFileSync(proofsFile, "utf8"));
  const ran = new Set(proofs.map(({ file }) => file));
  const all = readdirSync(inRoot(CONFORMANCE_DIR)).filter((name) => name.endsWith(".test.ts"));
  if (!all.every((name) => ran.has(`${CONFORMANCE_DIR}${name}`))) return undefined;
  const { page, problems } = matrixOf(PLANS, proofs);
  if (problems.length > 0) return problems.join("; ");
  const written = existsSync(inRoot(PAGE)) ? readFileSync(inRoot(PAGE), "utf8") : "";
  if (written === page) return undefined;
  if (ci) return `${PAGE} is not what this run says: run it without CI=true, and commit the page`;
  writeFileSync(inRoot(PAGE), page);
  return undefined;
}

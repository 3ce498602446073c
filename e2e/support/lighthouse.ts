import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { ROOT } from "./program";

// Lighthouse brings a hundred packages that the product has no use for. They are
// installed when it is first asked for, by a lock file of their own.

const SOURCE = path.join(ROOT, "tests/lighthouse");
const HOME = path.join(ROOT, "node_modules/.cache/lighthouse");
const FILES = ["package.json", "package-lock.json"];

export const CATEGORIES = ["performance", "accessibility", "best-practices"] as const;
export type Category = (typeof CATEGORIES)[number];

interface Audit {
  id: string;
  title: string;
  score: number | null;
  displayValue?: string;
}

interface Report {
  categories: Record<Category, { score: number | null; auditRefs: { id: string }[] }>;
  audits: Record<string, Audit>;
}

type Lighthouse = (
  url: string,
  flags: object,
  config?: object,
) => Promise<{ lhr: Report } | undefined>;

export interface Marks {
  /** From 0 to 100. */
  scores: Record<Category, number>;
  /** What took points away, in its own words. */
  lost: string[];
}

/**
 * What Lighthouse says of a page as it opens on a desk, in a browser that
 * listens on this port and keeps its cookies.
 */
export async function examineByLighthouse(url: string, port: number): Promise<Marks> {
  const { lighthouse, desktop } = await load();
  const flags = {
    port,
    output: "json",
    logLevel: "error",
    disableStorageReset: true,
    onlyCategories: CATEGORIES,
  };
  const result = await lighthouse(url, flags, desktop);
  if (result === undefined) throw new Error(`Lighthouse said nothing of ${url}`);
  const { categories, audits } = result.lhr;
  const scores = Object.fromEntries(
    CATEGORIES.map((name) => [name, Math.round((categories[name].score ?? 0) * 100)]),
  ) as Record<Category, number>;
  const lost = CATEGORIES.flatMap((name) => categories[name].auditRefs)
    .map(({ id }) => audits[id])
    .filter((audit) => audit !== undefined && audit.score !== null && audit.score < 0.9)
    .map((audit) => [audit?.title, audit?.displayValue].filter(Boolean).join(": "));
  return { scores, lost: [...new Set(lost)] };
}

async function load(): Promise<{ lighthouse: Lighthouse; desktop: object }> {
  install();
  const loaded = (await import(
    pathToFileURL(path.join(HOME, "node_modules/lighthouse/core/index.js")).href
  )) as { default: Lighthouse; desktopConfig: object };
  return { lighthouse: loaded.default, desktop: loaded.desktopConfig };
}

function install(): void {
  const isCurrent = FILES.every((name) => {
    const [wanted, there] = [path.join(SOURCE, name), path.join(HOME, name)];
    return existsSync(there) && readFileSync(there, "utf8") === readFileSync(wanted, "utf8");
  });
  if (isCurrent && existsSync(path.join(HOME, "node_modules/lighthouse"))) return;
  mkdirSync(HOME, { recursive: true });
  for (const name of FILES) cpSync(path.join(SOURCE, name), path.join(HOME, name));
  execFileSync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: HOME,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
}

import "server-only";
import type { z } from "zod";
import { canonical } from "@/lib/configuration/canonical";
import { Configuration } from "@/lib/configuration/configuration.schema";
import { NAMED_LISTS } from "@/lib/configuration/named-lists";
import type { Difference } from "@/lib/configuration/plan";
import { type Path, type ReadJson, readJson, UnreadableJson } from "@/lib/configuration/read-json";

export interface FilePlace {
  line: number;
  /** As in `organizations[0].roles[2].name`; empty for the file as a whole. */
  path: string;
}

/** What is wrong with a file, where, for whoever mends it. */
export interface FileProblem extends FilePlace {
  message: string;
}

export type ParsedConfiguration =
  | {
      outcome: "parsed";
      configuration: Configuration;
      /** Where the file says this; for what it does not have, where it would. */
      locate(what: Pick<Difference, "kind" | "organization" | "name">): FilePlace;
    }
  | { outcome: "rejected"; reason: "unreadable"; problems: FileProblem[] };

/** Larger than any installation's; a file of more is another file. */
export const FILE_BYTES_MAX = 5_000_000;
const PROBLEMS_MAX = 50;

export const pathText = (path: Path): string =>
  path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_$][A-Za-z0-9_$]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");

/** Reads a file of configuration into its one form; or says, by path and line, what to mend. */
export function parseConfiguration(text: string): ParsedConfiguration {
  let json: ReadJson;
  try {
    json = readJson(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof UnreadableJson)) throw error;
    return rejected([{ line: error.line, path: "", message: error.message }]);
  }
  const result = Configuration.safeParse(json.value);
  const found = result.success
    ? twiceIn(result.data)
    : result.error.issues.flatMap((issue) => issuesOf(issue, json.value));
  if (result.success && found.length === 0) {
    const { data } = result;
    return {
      outcome: "parsed",
      configuration: canonical(data),
      locate: (what) => {
        const path = pathOf(data, what);
        return { line: json.lineOf(path), path: pathText(path) };
      },
    };
  }
  return rejected(
    found
      .map(({ path, message }) => ({ line: json.lineOf(path), path: pathText(path), message }))
      .sort((a, b) => a.line - b.line),
  );
}

const rejected = (problems: FileProblem[]): ParsedConfiguration => ({
  outcome: "rejected",
  reason: "unreadable",
  problems: problems.slice(0, PROBLEMS_MAX),
});

type Item = Record<string, unknown>;

interface Found {
  path: Path;
  message: string;
}

type Issue = z.core.$ZodIssue;

/** What zod has found, in our words where its own would not say what to do. */
function issuesOf(issue: Issue, root: unknown): Found[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...path, key],
      message: "There is no such key here. Mend its spelling, or take it out.",
    }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const branch = likeliest(issue.errors);
    return branch.flatMap((inner) =>
      issuesOf({ ...inner, path: [...issue.path, ...inner.path] }, root),
    );
  }
  if (issue.code === "invalid_type" && valueAt(root, path) === undefined) {
    return [{ path, message: "This is missing." }];
  }
  return [{ path, message: issue.message }];
}

/** Of the forms that a value may have, the one that it was meant to have: where its kind is right. */
function likeliest(branches: Issue[][]): Issue[] {
  const misses = ({ code, path }: Issue) =>
    path.length === 0 && code !== "unrecognized_keys" ? 2 : Number(path[0] === "kind");
  const weight = (issues: Issue[]) => Math.max(0, ...issues.map(misses));
  return [...branches].sort((a, b) => weight(a) - weight(b))[0] ?? [];
}

function valueAt(root: unknown, path: Path): unknown {
  let value = root;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step))
      return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

/** Where the file, in its own order, has what is called so. */
function pathOf(
  configuration: Configuration,
  { kind, organization, name }: Pick<Difference, "kind" | "organization" | "name">,
): Path {
  const { organizations = [] } = configuration;
  const index = organizations.findIndex(({ slug }) => slug === organization);
  const place = organization === null ? [] : ["organizations", ...(index < 0 ? [] : [index])];
  const holder: object | undefined = organization === null ? configuration : organizations[index];
  if (kind === "sign-in-rules") return [...place, "signIn"];
  if (kind === "look") return [...place, "look"];
  const named = NAMED_LISTS.find((one) => one.kind === kind);
  if (named === undefined) return place;
  const { list, nameOf } = named;
  const items = ((holder ?? {}) as Record<string, Item[] | undefined>)[list] ?? [];
  const at = items.findIndex((item) => nameOf(item) === name);
  return at < 0 ? [...place, list] : [...place, list, at];
}

/** What has the name of another one of its list, and so is none. */
function twiceIn(configuration: Configuration): Found[] {
  const found: Found[] = [];
  const look = (path: Path, items: Item[], key: string, nameOf: (item: Item) => string) => {
    const seen = new Set<string>();
    items.forEach((item, index) => {
      const name = nameOf(item);
      const message = `“${name}” is in this list twice.`;
      if (seen.has(name)) found.push({ path: [...path, index, key], message });
      seen.add(name);
    });
  };
  const lookIn = (path: Path, place: Item) => {
    for (const { list, key, nameOf } of NAMED_LISTS) {
      look([...path, list], (place[list] ?? []) as Item[], key, nameOf);
    }
  };
  const { organizations = [] } = configuration;
  lookIn([], configuration);
  look(["organizations"], organizations, "slug", ({ slug }) => String(slug));
  organizations.forEach((organization, index) => {
    lookIn(["organizations", index], organization);
  });
  return found;
}

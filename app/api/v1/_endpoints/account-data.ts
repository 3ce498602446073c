import "server-only";
import { endpoint } from "@/app/api/endpoint";
import { tooManyRequests } from "@/app/api/problems";
import { readmeOf, TABLE_WORDS, WITHHELD_WORDS } from "@/app/api/v1/_endpoints/account-data-words";
import {
  type DataExport,
  type ExportedTable,
  exportOwnData,
} from "@/lib/personal-data/export-own-data";
import type { TableOfPeople } from "@/lib/personal-data/personal-tables";
import { emptyReply, PRIVATE, type Reply } from "@/lib/platform/http/reply";
import { type ZipEntry, zipOf } from "@/lib/platform/zip";
import { AssuranceInsufficient } from "@/lib/shared/assurance";
import { DATA_PATH, stepUpPath } from "@/lib/shared/return-to";

/** Raised when what a program reads changes its meaning. */
const FORMAT = 1;

type Running = Extract<DataExport, { outcome: "exporting" }>;

const indented = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

async function* onePiece(text: string): AsyncGenerator<string> {
  yield text;
}

async function* jsonOf({ rows }: ExportedTable, counted: (count: number) => void) {
  let count = 0;
  for await (const row of rows) {
    yield `${count === 0 ? "[\n" : ",\n"}${JSON.stringify(row)}`;
    count += 1;
  }
  counted(count);
  yield count === 0 ? "[]\n" : "\n]\n";
}

/** The tables as they are read; what tells of all of them comes when all are known. */
async function* filesOf({ at, tables }: Running): AsyncGenerator<ZipEntry> {
  const names: TableOfPeople[] = [];
  const listed: Record<string, unknown>[] = [];
  for await (const table of tables) {
    const { name, withheld } = table;
    const file = `tables/${name}.json`;
    names.push(name);
    const counted = (rows: number) =>
      listed.push({ file, table: name, about: TABLE_WORDS[name], rows, withheld });
    yield { name: file, content: jsonOf(table, counted) };
  }
  const manifest = { format: FORMAT, at, withheld: WITHHELD_WORDS, tables: listed };
  yield { name: "manifest.json", content: onePiece(indented(manifest)) };
  yield { name: "README.txt", content: onePiece(readmeOf(at, names)) };
}

const fileReply = (running: Running): Reply => ({
  status: 200,
  headers: {
    "content-type": "application/zip",
    "content-disposition": `attachment; filename="my-data-${running.at.toISOString().slice(0, 10)}.zip"`,
    ...PRIVATE,
  },
  body: null,
  stream: zipOf(filesOf(running), running.at),
});

/** A page of ours that somebody goes to asks for the proof; a program is told that it is missing. */
async function exported(
  take: () => Promise<DataExport>,
  isNavigation: boolean,
): Promise<DataExport | Reply> {
  try {
    return await take();
  } catch (error) {
    if (!(isNavigation && error instanceof AssuranceInsufficient)) throw error;
    return emptyReply(303, { location: stepUpPath(DATA_PATH, error.requirement.acr) });
  }
}

export const accountDataEndpoint = endpoint({
  method: "GET",
  path: "/api/v1/account/data",
  tag: "Account",
  summary: "A copy of everything that is stored about the caller",
  access: "signed-in",
  fresh: true,
  during: ["deletion", "terms"],
  responses: {
    200: { description: "application/zip: a JSON file for each table, and what they are" },
    303: { description: "A browser's navigation is led to where a copy or the proof is asked for" },
  },
  run: async ({ caller, header }) => {
    const isNavigation = header("sec-fetch-dest") === "document";
    // Another site can send somebody here, but not make them take a copy.
    const isOwn = ["same-origin", "none"].includes(header("sec-fetch-site") ?? "none");
    if (isNavigation && !isOwn) return emptyReply(303, { location: DATA_PATH });
    const result = await exported(() => exportOwnData(caller), isNavigation);
    if (!("outcome" in result)) return result;
    if (result.outcome === "limited") throw tooManyRequests(result.retryAfterSeconds);
    return fileReply(result);
  },
});

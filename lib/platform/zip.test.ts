import { expect, test } from "vitest";
import { type ZipEntry, zipOf } from "@/lib/platform/zip";
import { unzip } from "@/tests/support/unzip";

async function* piecesOf(...pieces: string[]) {
  yield* pieces;
}

async function* entriesOf(...entries: ZipEntry[]) {
  yield* entries;
}

async function written(entries: AsyncIterable<ZipEntry>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of zipOf(entries, new Date("2026-11-29T12:00:00Z"))) pieces.push(piece);
  return Buffer.concat(pieces);
}

test("what is put in comes out: names, sizes, checksums and content", async () => {
  const large = Array.from({ length: 3_000 }, (_, index) => `{"line":${index},"ä":"ü"},\n`);
  const zip = await written(
    entriesOf(
      { name: "README.txt", content: piecesOf("Hello.") },
      { name: "tables/empty.json", content: piecesOf() },
      { name: "tables/large.json", content: piecesOf(...large) },
    ),
  );
  expect(unzip(zip)).toEqual({
    "README.txt": "Hello.",
    "tables/empty.json": "",
    "tables/large.json": large.join(""),
  });
  expect(zip.length).toBeLessThan(large.join("").length / 2);
});

test("an entry is read no further than the file is taken", async () => {
  let given = 0;
  async function* endless() {
    for (;;) {
      given += 1;
      // Nothing that would pack well.
      yield Array.from({ length: 4_000 }, () => Math.random().toString(36)).join("");
    }
  }
  let seen = 0;
  for await (const _ of zipOf(entriesOf({ name: "endless", content: endless() }), new Date())) {
    seen += 1;
    if (seen === 5) break;
  }
  expect(given).toBeLessThan(20);
});

test("what fails while it is read fails the file", async () => {
  async function* failing() {
    yield "a";
    throw new Error("gone");
  }
  await expect(written(entriesOf({ name: "a", content: failing() }))).rejects.toThrow("gone");
});

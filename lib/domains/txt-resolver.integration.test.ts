import { createSocket } from "node:dgram";
import { once } from "node:events";
import { expect, test } from "vitest";
import { resolverOf } from "@/lib/domains/txt-resolver";

const NO_ERROR = 0;
const SERVER_FAILURE = 2;
const NO_SUCH_NAME = 3;

/** A TXT answer to the first question, in the strings that it is cut into (RFC 1035 §3.3.14). */
function anAnswer(query: Buffer, code: number, texts: string[]): Buffer {
  const question = query.subarray(12, query.indexOf(0, 12) + 5);
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(texts.length > 0 ? 1 : 0, 6);
  header.writeUInt32BE(0, 8);
  if (texts.length === 0) return Buffer.concat([header, question]);
  const data = Buffer.concat(
    texts.map((text) => Buffer.concat([Buffer.from([text.length]), Buffer.from(text)])),
  );
  const record = Buffer.from([0xc0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, data.length]);
  return Buffer.concat([header, question, record, data]);
}

async function askedOf(answer: ((query: Buffer) => Buffer) | null) {
  const server = createSocket("udp4").bind(0, "127.0.0.1");
  await once(server, "listening");
  server.on("message", (query, { port, address }) => {
    if (answer !== null) server.send(answer(query), port, address);
  });
  try {
    return await resolverOf([`127.0.0.1:${server.address().port}`]).txt("_gatehouse.example.com");
  } finally {
    server.close();
  }
}

test("a record is put together from the strings that it was cut into", async () => {
  const answer = (query: Buffer) => anAnswer(query, NO_ERROR, ["gatehouse-", "verification=x"]);
  expect(await askedOf(answer)).toEqual({
    outcome: "found",
    records: ["gatehouse-verification=x"],
  });
});

test.each([
  ["no such name", NO_SUCH_NAME, "none"],
  ["a name without such a record", NO_ERROR, "none"],
  ["a server that has failed", SERVER_FAILURE, "unreachable"],
])("%s is told apart from silence", async (_what, code, outcome) => {
  expect(await askedOf((query) => anAnswer(query, code, []))).toEqual({ outcome });
});

test("no answer in time is no word about the record", { timeout: 30_000 }, async () => {
  expect(await askedOf(null)).toEqual({ outcome: "unreachable" });
});

import "server-only";
import type { JWK } from "jose";
import { z } from "zod";
import type { LinkedEvent } from "@/lib/audit-chain/chain-store";
import { readExportedLine } from "@/lib/audit-chain/exported-line";
import type { ChainSource } from "@/lib/audit-chain/verify-chain";

/** The file is not one of ours; says which line is to blame. */
export class UnreadableExport extends Error {
  constructor(what: string) {
    super(what);
    this.name = "UnreadableExport";
  }
}

const Keys = z.looseObject({ keys: z.array(z.looseObject({ kid: z.string(), kty: z.string() })) });

/** Public keys as `audit keys` prints them (RFC 7517 §5). Throws {@link UnreadableExport}. */
export function readPublicKeys(text: string): JWK[] {
  try {
    return Keys.parse(JSON.parse(text)).keys;
  } catch {
    throw new UnreadableExport("The file with the keys is not what `gatehouse audit keys` prints.");
  }
}

/**
 * A chain as `audit export` wrote it, checked on any machine: no key of the program is needed, its
 * public ones say what was signed. A file has no end of its own; the last statement says how far
 * it has to go.
 */
export const fileSource = (
  lines: () => AsyncIterable<string>,
  statements: readonly string[],
  publicKeys: readonly JWK[],
): ChainSource => ({
  linked: () => linked(lines()),
  head: async () => undefined,
  statements: async () => [...statements],
  publicKeys,
  macKeys: null,
  strays: async () => [],
  waiting: async () => 0,
});

async function* linked(lines: AsyncIterable<string>): AsyncGenerator<LinkedEvent> {
  let number = 0;
  for await (const line of lines) {
    number += 1;
    if (line === "") continue;
    const read = readExportedLine(line);
    if (read === null) {
      throw new UnreadableExport(
        `Line ${number} of the export is not what \`gatehouse audit export\` writes.`,
      );
    }
    yield read;
  }
}

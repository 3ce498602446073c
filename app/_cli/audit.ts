import "server-only";
import "#node-only";
import { accessSync, constants, createReadStream, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Command, CommandResult } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { done, refused } from "@/app/_cli/result";
import { listPublicAuditKeys } from "@/lib/audit-chain/audit-keys";
import { databaseSource, listStatements, walkChain } from "@/lib/audit-chain/database-source";
import { exportedLine } from "@/lib/audit-chain/exported-line";
import { fileSource, readPublicKeys, UnreadableExport } from "@/lib/audit-chain/file-source";
import { rotateAuditKey } from "@/lib/audit-chain/rotate-audit-key";
import { continueChain, sealEverything } from "@/lib/audit-chain/seal-events";
import { signCheckpoint } from "@/lib/audit-chain/sign-checkpoint";
import { type ChainSource, type Verdict, verifyChain } from "@/lib/audit-chain/verify-chain";

async function* exported(): AsyncGenerator<string> {
  await sealEverything();
  for await (const linked of walkChain()) yield exportedLine(linked);
}

async function* statements(): AsyncGenerator<string> {
  await signCheckpoint();
  yield* await listStatements();
}

const linesOf = (file: string) =>
  createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });

const readStatements = (file: string | undefined): string[] =>
  file === undefined
    ? []
    : readFileSync(file, "utf8")
        .split("\n")
        .map((line) => line.trim())
        .filter((line) => line !== "");

async function sourceOf(options: Record<string, unknown>): Promise<ChainSource | string> {
  const { file, keys, statements: kept } = options as Record<string, string | undefined>;
  const further = readStatements(kept);
  if (file === undefined) return databaseSource(further);
  if (keys === undefined) return "Say with --keys where the output of `audit keys` is.";
  accessSync(file, constants.R_OK);
  return fileSource(() => linesOf(file), further, readPublicKeys(readFileSync(keys, "utf8")));
}

function textOf(verdict: Verdict): string {
  const { findings, links, pruned, erased, checkpoints, signedUntil, waiting } = verdict;
  const checked = `${links} events checked, ${checkpoints} signed checkpoints among them.`;
  const notes = [
    ...(pruned > 0 ? [`${pruned} were deleted because their time was over, as was signed.`] : []),
    ...(erased > 0 ? [`${erased} are without their personal data, as is on record.`] : []),
    ...(waiting > 0 ? [`${waiting} wait to be sealed: the program does it within seconds.`] : []),
    ...(signedUntil < BigInt(links)
      ? [`After link ${signedUntil} there is no signed checkpoint yet.`]
      : []),
  ];
  if (findings.length === 0) return ["The audit log is whole.", checked, ...notes].join("\n");
  const lines = findings.map(({ seq, eventId, kind, text }) =>
    [seq === null ? "no link" : `link ${seq}`, eventId ?? "no event", kind, text].join("\t"),
  );
  return [
    "The audit log was changed. First bad row first:",
    ...lines,
    checked,
    ...notes,
    'What to do now: "The audit log was changed" in docs/runbook.md.',
  ].join("\n");
}

/** Numbers of links are larger than a JSON number may be. */
const inJson = ({ findings, signedUntil, ...verdict }: Verdict) => ({
  ...verdict,
  signedUntil: String(signedUntil),
  findings: findings.map((finding) => ({
    ...finding,
    seq: finding.seq === null ? null : String(finding.seq),
  })),
});

async function verify(options: Record<string, unknown>): Promise<CommandResult> {
  try {
    const source = await sourceOf(options);
    if (typeof source === "string") return refused(source, "validation_failed");
    const verdict = await verifyChain(source);
    const text = textOf(verdict);
    return verdict.findings.length === 0
      ? done(text, inJson(verdict))
      : { ...refused(text, "tampered"), ...inJson(verdict) };
  } catch (error) {
    if (error instanceof UnreadableExport) return refused(error.message, "unreadable");
    const { code, path } = error as { code?: string; path?: string };
    if (code === "ENOENT" || code === "EISDIR" || code === "EACCES") {
      return refused(`${path ?? "A file"} cannot be read.`, "unreadable");
    }
    throw error;
  }
}

export const auditCommands: Command[] = [
  {
    words: ["audit", "export"],
    usage: "audit export",
    summary: "Write every event of the audit log as NDJSON, in the order of the chain.",
    positionals: 0,
    run: async () => ({ ...done(""), lines: exported() }),
  },
  {
    words: ["audit", "checkpoints"],
    usage: "audit checkpoints",
    summary:
      "Sign how far the audit log goes and write every signed statement, for a place of your own.",
    positionals: 0,
    run: async () => ({ ...done(""), lines: statements() }),
  },
  {
    words: ["audit", "keys"],
    usage: "audit keys",
    summary: "Write the public keys by which statements about the audit log are checked.",
    positionals: 0,
    run: async () => {
      const keys = await listPublicAuditKeys();
      return done(JSON.stringify({ keys }, null, 2), { keys });
    },
  },
  {
    words: ["audit", "verify"],
    usage: "audit verify [--statements <file>] [--file <export> --keys <file>]",
    summary:
      "Check that nothing in the audit log was edited, deleted, reordered or cut off; names the first bad row.",
    positionals: 0,
    options: { file: { type: "string" }, statements: { type: "string" }, keys: { type: "string" } },
    run: (_, options) => verify(options),
  },
  {
    words: ["audit", "continue"],
    usage: "audit continue --reason <text>",
    summary: "Seal on after the audit log was changed, when you have kept a copy of what there is.",
    positionals: 0,
    options: { reason: { type: "string" } },
    run: async (_, { reason }) => {
      if (typeof reason !== "string" || reason.trim() === "") {
        return refused("Say with --reason what happened: it goes on record.", "validation_failed");
      }
      const seq = await continueChain(reason.trim(), CLI_REQUEST);
      return done(`The audit log is sealed on after link ${seq}.`, { seq: String(seq) });
    },
  },
  {
    words: ["audit", "rotate-key"],
    usage: "audit rotate-key",
    summary:
      "Let a new key seal the audit log from now on; what the former ones sealed stays good.",
    positionals: 0,
    run: async () => {
      const id = await rotateAuditKey(CLI_REQUEST);
      return done(`The key ${id} seals from now on. Keep its public part: \`audit keys\`.`, { id });
    },
  },
];

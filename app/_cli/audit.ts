import "server-only";
import type { Command } from "@/app/_cli/commands";
import { done } from "@/app/_cli/result";
import { exportAuditEvents } from "@/lib/audit-log/export-audit-events";

async function* asLines(): AsyncGenerator<string> {
  for await (const event of exportAuditEvents()) yield JSON.stringify(event);
}

export const auditCommands: Command[] = [
  {
    words: ["audit", "export"],
    usage: "audit export",
    summary: "Write every event of the audit log as NDJSON, oldest first.",
    positionals: 0,
    run: async () => ({ ...done(""), lines: asLines() }),
  },
];

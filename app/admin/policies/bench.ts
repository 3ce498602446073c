import "server-only";
import { conditionNames } from "@/app/admin/condition-catalogue";
import type { BenchInput } from "@/app/admin/policies/bench.schema";
import { misfitWords } from "@/app/admin/policies/refusals";
import { PERMISSIONS } from "@/app/permissions";
import { type ConditionNames, leafInWords } from "@/components/admin/condition-words";
import type {
  BenchAnswer,
  BenchLine,
  BenchRule,
  BenchVerdict,
} from "@/components/admin/policies/bench-view";
import type { Row } from "@/lib/authz/ability";
import { can } from "@/lib/authz/decide";
import { hiddenFields } from "@/lib/authz/evaluate";
import { resourceType } from "@/lib/authz/resource-types";
import type { RuleSource } from "@/lib/authz/rule";
import type { ExplainedCondition, Trace } from "@/lib/authz/trace";
import { findInvoice } from "@/lib/invoices/find-invoice";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import { PolicyContent } from "@/lib/policies/policy.schema";
import { tryPolicy } from "@/lib/policies/try-policy";
import type { Caller } from "@/lib/shared/caller";
import { type FormState, fieldError, type Given } from "@/lib/shared/form-state";
import { findUser } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** What the rules say to a request that is only imagined. */
export async function answerBench(
  caller: Caller,
  input: BenchInput,
): Promise<FormState | Given<BenchAnswer>> {
  const permission = PERMISSIONS.find(({ key }) => key === input.asked);
  if (permission === undefined) return fieldError("asked", "There is no such permission.");
  const record = await recordOf(caller, permission.resourceType, input);
  if ("error" in record) return fieldError(record.field, record.error);
  const at = input.at ?? new Date();
  const proofMinutes = input.proofMinutes ?? 0;
  const draft = draftOf(input);
  if (draft === "unfinished") {
    return fieldError("tried", "What is being edited is not complete yet.");
  }
  const result = await tryPolicy(caller, {
    email: input.email,
    permissionKey: permission.key,
    resource: record.row,
    owned: input.record === "described" ? input.owned === "on" : null,
    context: {
      at: at.toISOString(),
      ip: input.address ?? null,
      means: input.means,
      acr: input.acr,
      authTime: new Date(at.getTime() - proofMinutes * 60_000).toISOString(),
    },
    policyId: input.policyId ?? null,
    draft,
  });
  if (result.outcome === "rejected") {
    switch (result.reason) {
      case "unknown-person":
        return fieldError("email", "There is nobody here with this address whom you may see.");
      case "unknown-permission":
        return fieldError("asked", "There is no such permission.");
      case "unknown-policy":
        return fieldError("tried", "There is no such version any more.");
      case "unfitting":
        return fieldError("tried", result.misfits.map(misfitWords).join(" "));
    }
  }
  const { stored, draft: other } = result;
  const conditions = [...stored.rules, ...(other?.rules ?? [])].map(({ condition }) => condition);
  const names = await conditionNames(caller, conditions);
  const tried = other === null ? null : { name: nameOf(draft), verdict: verdictOf(other, names) };
  return { status: "given", value: { stored: verdictOf(stored, names), tried } };
}

const nameOf = (draft: unknown): string =>
  typeof draft === "number" ? `version ${draft}` : "what is being edited";

function draftOf({ tried, edited }: BenchInput): number | PolicyContent | null | "unfinished" {
  if (tried === undefined) return null;
  if (tried !== "edited") return tried;
  const content = PolicyContent.safeParse(edited);
  return content.success ? content.data : "unfinished";
}

type FoundRecord = { row: Row | null } | { field: string; error: string };

/** A record that the caller may see, or one that they have described; what is missing is not known. */
async function recordOf(caller: Caller, type: string, input: BenchInput): Promise<FoundRecord> {
  if (input.record === "any") return { row: null };
  if (input.record === "known") {
    const row =
      input.recordId === undefined ? null : await findRecord(caller, type, input.recordId);
    const error = "There is no such record that you may see.";
    return row === null ? { field: "recordId", error } : { row };
  }
  const { fields } = resourceType(type);
  const row: Record<string, unknown> = {};
  for (const [field, kind] of Object.entries(fields)) {
    const text = input.attributes[field];
    if (text !== undefined) row[field] = kind === "number" ? Number(text) : text;
  }
  return { row };
}

async function findRecord(caller: Caller, type: string, id: string): Promise<Row | null> {
  if (type === "Invoice" && (await can(caller, INVOICE_PERMISSIONS.view))) {
    const invoice = await findInvoice(caller, id);
    return invoice && { ...invoice };
  }
  if (type === "User" && (await can(caller, USER_PERMISSIONS.view, { id }))) {
    const user = await findUser(caller, id);
    return user && { id: user.id, email: user.email, status: user.status };
  }
  return null;
}

const REASONS = {
  "no-grant": "Denied: nothing gives this.",
  "condition-not-met": "Denied: what gives this does not hold here and now.",
  "denied-by-policy": "Denied by a policy.",
} as const;

function verdictOf(trace: Trace, names: ConditionNames): BenchVerdict {
  const { verdict, rules, resource } = trace;
  return {
    allowed: verdict.allowed,
    words: verdict.allowed
      ? resource === null
        ? "Allowed, for some record at least."
        : "Allowed."
      : REASONS[verdict.reason],
    rules: rules.map(
      ({ effect, source, finding, explained, fields }, index): BenchRule => ({
        key: String(index),
        title:
          fields.length === 0
            ? sourceInWords(source)
            : `${sourceInWords(source)}, hiding ${fields.join(", ")}`,
        effect,
        finding,
        decides: verdict.decidedBy === index,
        lines: explained === null ? [] : linesOf(explained, names, 0),
      }),
    ),
    hidden: hiddenFields({ ...trace, resource: resource?.attributes ?? null }),
  };
}

function sourceInWords(source: RuleSource): string {
  if (source.kind === "policy") {
    const which = source.number === 0 ? "as edited" : `version ${source.number}`;
    return `Policy ${source.name}, ${which}`;
  }
  const { roleName, givenRoleName, teamName } = source;
  const by = givenRoleName === roleName ? "" : `, which gives ${givenRoleName}`;
  const through = teamName === null ? "" : `, through the team ${teamName}`;
  return `Role ${roleName}${by}${through}`;
}

const JOINERS = {
  all: "All of these hold:",
  any: "Any of these holds:",
  not: "It is not so that:",
} as const;

function linesOf(
  explained: ExplainedCondition,
  names: ConditionNames,
  depth: number,
  key = "0",
): BenchLine[] {
  const { finding } = explained;
  switch (explained.kind) {
    case "unreadable": {
      const text = "A condition that this release cannot read";
      return [{ key, text, depth, finding, actual: null }];
    }
    case "leaf": {
      const text = leafInWords(explained.leaf, names);
      return [{ key, text, depth, finding, actual: actualInWords(explained.actual, names) }];
    }
    default:
      return [
        { key, text: JOINERS[explained.kind], depth, finding, actual: null },
        ...explained.parts.flatMap((part, index) =>
          linesOf(part, names, depth + 1, `${key}.${index}`),
        ),
      ];
  }
}

/** What was looked at; ids that have no name say nothing to people. */
function actualInWords(actual: unknown, names: ConditionNames): string | null {
  if (typeof actual === "string" || typeof actual === "number") {
    return names[String(actual)] ?? String(actual);
  }
  if (Array.isArray(actual)) {
    const known = actual.flatMap((one) => names[String(one)] ?? []);
    return known.length === 0 ? null : known.join(", ");
  }
  return actual === null ? null : JSON.stringify(actual);
}

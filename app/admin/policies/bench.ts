import "server-only";
import { getTranslations } from "@/app/_locale/translations";
import { conditionNames } from "@/app/admin/condition-catalogue";
import type { BenchInput } from "@/app/admin/policies/bench.schema";
import { misfitWords } from "@/app/admin/policies/refusals";
import { PERMISSIONS } from "@/app/permissions";
import {
  type ConditionNames,
  type ConditionTranslator,
  leafInWords,
} from "@/components/admin/condition-words";
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
import type { Translator } from "@/lib/platform/locale/translator";
import { PolicyContent } from "@/lib/policies/policy.schema";
import { tryPolicy } from "@/lib/policies/try-policy";
import type { Caller } from "@/lib/shared/caller";
import { type FormState, fieldError, type Given } from "@/lib/shared/form-state";
import { findUser } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import { askedUser } from "@/lib/users/user-resource";

/** What the rules say to a request that is only imagined. */
export async function answerBench(
  caller: Caller,
  input: BenchInput,
): Promise<FormState | Given<BenchAnswer>> {
  const t = await getTranslations("admin-policies.bench");
  const permission = PERMISSIONS.find(({ key }) => key === input.asked);
  if (permission === undefined) return fieldError("asked", t("noPermission"));
  const record = await recordOf(caller, permission.resourceType, input);
  if (record === null) return fieldError("recordId", t("noRecord"));
  const at = input.at ?? new Date();
  const proofMinutes = input.proofMinutes ?? 0;
  const draft = draftOf(input);
  if (draft === "unfinished") {
    return fieldError("tried", t("unfinished"));
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
        return fieldError("email", t("nobody"));
      case "unknown-permission":
        return fieldError("asked", t("noPermission"));
      case "unknown-policy":
        return fieldError("tried", t("noVersion"));
      case "unfitting": {
        const answers = await getTranslations("admin-policies.answers");
        const words = result.misfits.map((misfit) => misfitWords(answers, misfit));
        return fieldError("tried", words.join(" "));
      }
    }
  }
  const { stored, draft: other } = result;
  const conditions = [...stored.rules, ...(other?.rules ?? [])].map(({ condition }) => condition);
  const names = await conditionNames(caller, conditions);
  const say: Say = { t, condition: await getTranslations("conditions"), names };
  const title = typeof draft === "number" ? t("triedVersion", { number: draft }) : t("triedEdited");
  const tried = other === null ? null : { title, verdict: verdictOf(other, say) };
  return { status: "given", value: { stored: verdictOf(stored, say), tried } };
}

/** What an answer is said with. */
interface Say {
  t: Translator<"admin-policies.bench">;
  condition: ConditionTranslator;
  names: ConditionNames;
}

function draftOf({ tried, edited }: BenchInput): number | PolicyContent | null | "unfinished" {
  if (tried === undefined) return null;
  if (tried !== "edited") return tried;
  const content = PolicyContent.safeParse(edited);
  return content.success ? content.data : "unfinished";
}

/**
 * A record that the caller may see, or one that they have described, of which what is missing is not
 * known; a row of null is any record, and no answer is one that they may not see.
 */
async function recordOf(
  caller: Caller,
  type: string,
  input: BenchInput,
): Promise<{ row: Row | null } | null> {
  if (input.record === "any") return { row: null };
  if (input.record === "known") {
    const row =
      input.recordId === undefined ? null : await findRecord(caller, type, input.recordId);
    return row === null ? null : { row };
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
  if (type === "User" && (await can(caller, USER_PERMISSIONS.view, await askedUser(caller, id)))) {
    const user = await findUser(caller, id);
    return user && { id: user.id, email: user.email, status: user.status };
  }
  return null;
}

function verdictOf(trace: Trace, say: Say): BenchVerdict {
  const { t } = say;
  const { verdict, rules, resource } = trace;
  return {
    allowed: verdict.allowed,
    words: verdict.allowed
      ? t(resource === null ? "allowedSome" : "allowed")
      : t(`reasons.${verdict.reason}`),
    rules: rules.map(
      ({ effect, source, finding, explained, fields }, index): BenchRule => ({
        key: String(index),
        title:
          fields.length === 0
            ? sourceInWords(t, source)
            : t("hiding", { rule: sourceInWords(t, source), fields: fields.join(", ") }),
        effect,
        finding,
        decides: verdict.decidedBy === index,
        lines: explained === null ? [] : linesOf(explained, say, 0),
      }),
    ),
    hidden: hiddenFields({ ...trace, resource: resource?.attributes ?? null }),
  };
}

function sourceInWords(t: Say["t"], source: RuleSource): string {
  if (source.kind === "policy") {
    const { name, number } = source;
    return number === 0 ? t("policyEdited", { name }) : t("policyVersion", { name, number });
  }
  const { roleName: role, givenRoleName: given, teamName: team } = source;
  if (team === null) return given === role ? t("role", { role }) : t("roleGives", { role, given });
  return given === role ? t("roleTeam", { role, team }) : t("roleGivesTeam", { role, given, team });
}

function linesOf(explained: ExplainedCondition, say: Say, depth: number, key = "0"): BenchLine[] {
  const { finding } = explained;
  switch (explained.kind) {
    case "unreadable": {
      const text = say.t("unreadable");
      return [{ key, text, depth, finding, actual: null }];
    }
    case "leaf": {
      const clause = leafInWords(say.condition, explained.leaf, say.names);
      const text = say.condition("words.line", { clause });
      return [{ key, text, depth, finding, actual: actualInWords(explained.actual, say.names) }];
    }
    default:
      return [
        { key, text: say.t(`joined.${explained.kind}`), depth, finding, actual: null },
        ...explained.parts.flatMap((part, index) =>
          linesOf(part, say, depth + 1, `${key}.${index}`),
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

import { isAuthorized } from "@cedar-policy/cedar-wasm/nodejs";
import type { Condition } from "@/lib/authz/condition.schema";
import type { Question } from "@/lib/authz/evaluate";
import { OFFSETS } from "@/tests/support/arbitrary-rules";

const RANKS: Record<string, number> = {
  "urn:gatehouse:aal1": 1,
  "urn:gatehouse:aal2": 2,
  "urn:gatehouse:aal3": 3,
};
const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const text = (value: unknown): string => JSON.stringify(value);
const list = (values: readonly unknown[]): string => `[${values.map(text).join(", ")}]`;
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const OPERATORS = { equals: "==", "not-equals": "!=", "at-most": "<=", "at-least": ">=" } as const;

/** Of a clock that is a fixed distance from UTC: named so that the context can carry it. */
const clockName = (timeZone: string): string => `m${Object.keys(OFFSETS).indexOf(timeZone)}`;
const dayName = (timeZone: string): string => `d${Object.keys(OFFSETS).indexOf(timeZone)}`;

/** The condition in Cedar's language, written from what docs/authorization.md says about it. */
function expressionOf(condition: Condition): string {
  switch (condition.kind) {
    case "all":
      return `(${condition.conditions.map(expressionOf).join(" && ")})`;
    case "any":
      return `(${condition.conditions.map(expressionOf).join(" || ")})`;
    case "not":
      return `!(${expressionOf(condition.condition)})`;
    case "own":
      return "resource.ownerId == principal.key";
    case "field":
      if (condition.operator === "one-of") {
        return `${list(condition.value as string[])}.contains(resource.${condition.field})`;
      }
      return `resource.${condition.field} ${OPERATORS[condition.operator]} ${text(condition.value)}`;
    case "user":
      return `${list(condition.ids)}.contains(principal.key)`;
    case "role":
      return `principal.roles.containsAny(${list(condition.ids)})`;
    case "team":
      return `principal.teams.containsAny(${list(condition.ids)})`;
    case "email-domain":
      return `(${condition.domains.map((domain) => `principal.email like ${text(`*@${domain}`)}`).join(" || ")})`;
    case "means":
      return `${list(condition.oneOf)}.contains(context.means)`;
    case "network":
      return `(${condition.ranges.map((range) => `context.ip.isInRange(ip(${text(range)}))`).join(" || ")})`;
    case "assurance":
      return `(context.rank >= ${RANKS[condition.acr ?? "urn:gatehouse:aal1"]} && context.age < ${condition.maxAgeSeconds})`;
    case "hours":
      return hoursOf(condition);
  }
}

function hoursOf({ timeZone, days, from, until }: Extract<Condition, { kind: "hours" }>): string {
  const [minute, day] = [`context.${clockName(timeZone)}`, `context.${dayName(timeZone)}`];
  const [begin, end] = [minuteOf(from), minuteOf(until)];
  const on = `${list(days)}.contains(${day})`;
  if (begin < end) return `(${on} && ${minute} >= ${begin} && ${minute} < ${end})`;
  const after = days.map((one) => DAYS[(DAYS.indexOf(one) + 1) % 7]);
  const begun = `(${on} && ${minute} >= ${begin})`;
  return `(${begun} || (${list(after)}.contains(${day}) && ${minute} < ${end}))`;
}

/** What Cedar decides about the question, which must be about a record and leave nothing unknown. */
export function cedarAllows({ permissionKey, facts, rules, resource }: Question): boolean {
  const { principal, context } = facts;
  const at = new Date(context.at);
  const clocks = Object.entries(OFFSETS).flatMap(([zone, offset]) => {
    const there = new Date(at.getTime() + offset * 60_000);
    return [
      [clockName(zone), there.getUTCHours() * 60 + there.getUTCMinutes()],
      [dayName(zone), DAYS[there.getUTCDay()] ?? ""],
    ];
  });
  const answer = isAuthorized({
    principal: { type: "User", id: principal.id },
    action: { type: "Action", id: permissionKey },
    resource: { type: "Invoice", id: "one" },
    context: {
      ...Object.fromEntries(clocks),
      ip: { __extn: { fn: "ip", arg: context.ip ?? "" } },
      means: context.means,
      rank: RANKS[context.acr] ?? 0,
      age: (at.getTime() - new Date(context.authTime).getTime()) / 1000,
    },
    policies: {
      staticPolicies: rules
        .map(({ effect, condition }) => {
          const when =
            condition === null ? "" : ` when { ${expressionOf(condition as Condition)} }`;
          return `${effect === "allow" ? "permit" : "forbid"} (principal, action, resource)${when};`;
        })
        .join("\n"),
    },
    entities: [
      {
        uid: { type: "User", id: principal.id },
        attrs: {
          key: principal.id,
          email: principal.email,
          roles: principal.roleIds,
          teams: principal.teamIds,
        },
        parents: [],
      },
      { uid: { type: "Invoice", id: "one" }, attrs: { ...(resource as object) }, parents: [] },
    ],
  });
  if (answer.type === "failure" || answer.response.diagnostics.errors.length > 0) {
    throw new Error(`Cedar cannot decide: ${JSON.stringify(answer)}`);
  }
  return answer.response.decision === "allow";
}

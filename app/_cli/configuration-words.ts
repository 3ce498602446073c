import "server-only";
import { isDeepStrictEqual } from "node:util";
import { dutyRefusal, type RefusalTranslator } from "@/app/admin/refusals";
import type { Application } from "@/lib/configuration/apply-configuration";
import type { FilePlace, FileProblem } from "@/lib/configuration/parse-configuration";
import type { Difference, Kind, Plan } from "@/lib/configuration/plan";

const KIND_WORDS: Record<Kind, string> = {
  organization: "organization",
  "sign-in-rules": "rules of sign-in",
  look: "look",
  domain: "domain",
  role: "role",
  team: "team",
  policy: "policy",
  duty: "separation of duties",
  connection: "connection",
  client: "app",
  claim: "claim",
};

function titleOf({ kind, name, before, after }: Difference): string {
  if (kind === "sign-in-rules" || kind === "look") return KIND_WORDS[kind];
  const { name: shown = name } = (after ?? before ?? {}) as { name?: string };
  const called = kind === "client" ? `${shown} (${name})` : name;
  return `${KIND_WORDS[kind]} “${called}”`;
}

const whose = (organization: string | null): string =>
  organization === null ? "the whole installation" : `organization ${organization}`;

/** The same where it stands alone. */
const fullTitleOf = (difference: Difference): string =>
  difference.kind === "organization"
    ? titleOf(difference)
    : `${titleOf(difference)} of ${whose(difference.organization)}`;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string => JSON.stringify(value);

/** What a value becomes, by its parts where it has any. */
function changeOf(key: string, before: unknown, after: unknown): string[] {
  if (isDeepStrictEqual(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) {
    const not = (list: unknown[]) => (one: unknown) =>
      !list.some((other) => isDeepStrictEqual(one, other));
    return [
      ...after.filter(not(before)).map((one) => `${key}: + ${text(one)}`),
      ...before.filter(not(after)).map((one) => `${key}: - ${text(one)}`),
    ];
  }
  // A condition is read as a whole; what a role gives, key by key.
  if (isRecord(before) && isRecord(after) && before["kind"] === undefined) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((part) =>
      changeOf(`${key}.${part}`, before[part], after[part]),
    );
  }
  if (before === undefined) return [`${key}: + ${text(after)}`];
  if (after === undefined) return [`${key}: - ${text(before)}`];
  return [`${key}: ${text(before)} → ${text(after)}`];
}

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === "" ||
  value === false ||
  (typeof value === "object" && Object.keys(value).length === 0);

function detailsOf({ before, after }: Difference): string[] {
  if (after === null) return [];
  const now = Object.entries(after);
  if (before === null) {
    return now
      .filter(([key, value]) => !["name", "slug", "domain"].includes(key) && !isEmpty(value))
      .map(([key, value]) => `${key}: ${text(value)}`);
  }
  return now.flatMap(([key, value]) =>
    changeOf(key, (before as Record<string, unknown>)[key], value),
  );
}

function markOf({ before, after }: Difference): string {
  if (after === null) return "-";
  return before === null ? "+" : "~";
}

const linesOf = (difference: Difference): string[] => [
  `  ${markOf(difference)} ${titleOf(difference)}`,
  ...detailsOf(difference).map((line) => `      ${line}`),
];

const count = (differences: Difference[], mark: string): number =>
  differences.filter((one) => markOf(one) === mark).length;

/** A plan in words, by whose things they are: + is new, ~ changes, - goes. */
export function planLines({ differences, kept }: Plan): string[] {
  const places = [...new Set(differences.map(({ organization }) => organization))].sort((a, b) =>
    (a ?? "") < (b ?? "") ? -1 : 1,
  );
  const sections = places.flatMap((place) => [
    `In ${whose(place)}:`,
    ...differences.filter(({ organization }) => organization === place).flatMap(linesOf),
    "",
  ]);
  const stays = kept.map((one) => `  ${fullTitleOf(one)}`);
  return [
    ...sections,
    ...(stays.length === 0
      ? []
      : ["Not in the file, and left as it is without --prune:", ...stays, ""]),
    differences.length === 0
      ? "Nothing has to change."
      : `${count(differences, "+")} to add, ${count(differences, "~")} to change, ${count(differences, "-")} to delete.`,
  ];
}

const at = ({ line, path }: FilePlace): string => `line ${line}${path === "" ? "" : `, ${path}`}`;

export const problemLines = (problems: FileProblem[]): string[] =>
  problems.map((problem) => `${at(problem)}: ${problem.message}`);

type Refusal = Extract<Application, { outcome: "rejected" }>;
type Reason = Extract<Refusal, { reason: "refused" }>["rejection"];

const listed = (names: readonly string[]): string => names.join(", ");

const OBSTACLE_WORDS = {
  invoices: "invoices",
  connections: "connections",
  serviceAccounts: "service accounts",
  onlyHere: "members of no other organization",
} as const;

/** Why a change cannot be made, and what to do. */
function reasonWords(rejection: Reason, t: RefusalTranslator): string {
  if (rejection.outcome === "not-found") return "It is not there any more.";
  switch (rejection.reason) {
    case "unknown-name":
      return `There is no ${rejection.what} ${rejection.name}. Mend the name, or add it to the file.`;
    case "unknown-permission":
      return `There are no such permissions: ${listed(rejection.keys)}.`;
    case "no-owner":
      return `Nobody owns what these are about, so “own” gives nothing: ${listed(rejection.keys)}.`;
    case "unfitting-condition":
      return `The condition asks for what such records do not have: ${listed(rejection.keys)}.`;
    case "unfitting":
      return rejection.misfits
        .map(({ field, reason, names }) => `${field}: ${reason} (${listed(names)}).`)
        .join(" ");
    case "role-cycle":
      return `It would inherit itself: ${rejection.way.join(" → ")}.`;
    case "unknown-role":
      return "A role that it names cannot be used there: one of the installation takes no role of an organization.";
    case "name-taken":
      return "Another one that can be used in the same place is called so, in whatever case.";
    case "within-itself":
      return "A team would be within itself. Mend the parents.";
    case "unknown-parent":
      return "The team that it would be within is not there.";
    case "has-teams":
      return "There are teams within it that stay. Move them in the file.";
    case "too-many-teams":
    case "too-many-versions":
    case "too-many-conflicts":
    case "too-many-domains":
    case "too-many-claims":
      return "There are as many of these as there may be.";
    case "no-connection":
      return "Nobody could come in: switch a connection of the organization on first.";
    case "obstructed": {
      const { isDefault, ...counts } = rejection.obstacles;
      if (isDefault) return "New accounts begin in it, so it stays.";
      const what = (Object.keys(OBSTACLE_WORDS) as (keyof typeof OBSTACLE_WORDS)[]).filter(
        (key) => counts[key] > 0,
      );
      return `It still has ${listed(what.map((key) => `${counts[key]} ${OBSTACLE_WORDS[key]}`))}.`;
    }
    case "secret-needed":
      return rejection.variable === null
        ? 'It is new, and has a secret that is in no file: name the variable that has it, as in "secret": { "fromEnvironment": "CONFIG_SECRET_SHOP" }.'
        : `It is new: set ${rejection.variable} to its secret, of 32 characters or more.`;
    case "invalid":
      return Object.entries(rejection.fields)
        .map(([field, problems]) => `${field === "" ? "" : `${field}: `}${problems.join(" ")}`)
        .join(" ");
    case "provider-secret-needed":
      return rejection.variable === null
        ? 'It is new, and its secret is in no file: name the variable that has it, as in "secret": { "fromEnvironment": "CONFIG_SECRET_OKTA" }.'
        : `It is new: set ${rejection.variable} to the client secret that the provider gave.`;
    case "issuer-stays":
      return "Another issuer is another provider, to which the secret is not sent: set it up under another slug.";
    case "only-way-into-organization":
      return "The organization is opened only by single sign-on, and this is the last connection that is switched on.";
    case "last-way-in":
      return `${rejection.users} of its people could not sign in any more. Decide about them in the panel first.`;
    case "kind-stays":
      return "Another kind is another app: give it another id.";
    case "proof-stays":
      return "An app goes on proving itself by a secret, or by keys, as it began: give it another id.";
    case "id-taken":
      return "An app that is not configured by files has this id.";
    case "acts-elsewhere":
      return "Where a service account acts it acts for good: keep its organization, with fewer roles.";
    case "unknown-client":
      return "There is no app with this id.";
    case "taken":
      return "Its name, its address or its secret is another’s already.";
    case "unverified":
      return "Nobody joins by a domain that is not verified. Verify it first, and leave autoJoin false until then.";
    case "public-suffix":
      return "Anybody registers names under it, so it is nobody's.";
    case "free-mail":
      return "Anybody can have an address there, so it is nobody's.";
    case "last-administrator":
      return LAST_ADMINISTRATOR;
    case "duty-conflict":
      return dutyRefusal(rejection, t);
    case "unchanged":
    case "in-force":
      return "The candidate says what the rule says already: leave it out.";
    case "unknown-version":
    case "stale":
    case "confirmation-required":
    case "beyond-own-permissions":
      return "Somebody has changed it meanwhile. Plan again.";
  }
}

const LAST_ADMINISTRATOR =
  "Nobody would be left who may do everything. Give every permission to somebody else first.";

/** Why nothing was applied. `locate` says where the file has what is refused. */
export function refusalWords(
  refusal: Refusal,
  locate: (difference: Difference) => FilePlace,
  t: RefusalTranslator,
): { text: string; code: string } {
  switch (refusal.reason) {
    case "refused": {
      const { difference, rejection } = refusal;
      const title = fullTitleOf(difference);
      const code = "reason" in rejection ? rejection.reason : "not-found";
      return {
        text: `${at(locate(difference))}: ${title}: ${reasonWords(rejection, t)}`,
        code: code.replaceAll("-", "_"),
      };
    }
    case "other-plan":
      return {
        text: "The plan is another one now: the file, or what is configured, has changed since. Plan again.",
        code: "other_plan",
      };
    case "interrupted":
      return {
        text: "Somebody has changed the configuration at the same time. Plan again.",
        code: "interrupted",
      };
    case "last-administrator":
      return { text: LAST_ADMINISTRATOR, code: "last_administrator" };
    case "duty-conflict":
      return { text: dutyRefusal(refusal, t), code: "duty_conflict" };
    case "confirmation-required":
      throw new Error("the command line has nothing of its own to lose");
  }
}

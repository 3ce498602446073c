import { beforeAll, describe, expect, test } from "vitest";
import { ENDPOINTS } from "@/app/api/table";
import { openSession } from "@/e2e/support/people";
import { pool } from "@/lib/platform/db/pool";
import { lastChange } from "@/tests/inventory/change-watch";
import {
  type Asked,
  askedOf,
  crossingsOf,
  type Intruder,
  idsOfTheirs,
  makeIntruder,
  makeOurs,
  makeTheirs,
  namedIn,
  reasonOfInstallation,
  stateBeside,
} from "@/tests/inventory/crossing";
import { type Subjects } from "@/tests/inventory/subjects";
import { addressOf, ENDPOINT_SURFACES, type EndpointSurface } from "@/tests/inventory/surfaces";
import { type Answer, send } from "@/tests/support/api";
import { anInstance } from "@/tests/support/builders";
import { rewriteStatements } from "@/tests/support/statements";

// The first wall is taken away: whatever statement names an organization is sent with a condition
// that holds for all of them, those of sessions and decisions among them. What the wall of the
// database is around still tells nothing of another organization, and does nothing there
// (F81, ATK-43). Generated from the inventory: an endpoint that is new is tried, or fails.

const CONDITION =
  /((?:"?\w+"?\.){0,3}"?organization_id"?) = (\$\d+(?:::uuid)?|CAST\(\$\d+::text AS uuid\))/g;
const ENTERING = /SELECT set_config\('role', tenant_role\(\), true\)/;
const LEAVING = /^\s*(COMMIT|ROLLBACK|BEGIN)\b|SELECT set_config\('role', 'none', true\)/i;

type Walls = "both" | "second" | "none";
let walls: Walls = "both";
let removed = 0;
let writtenOutside: string[] = [];
const entered = new WeakSet<object>();

/** A statement that writes what belongs to one organization. */
const WRITE =
  /\b(INSERT INTO|UPDATE|DELETE FROM) (?:"public"\.)?"?(invoices|invoice_counters|teams|team_memberships|team_roles|invitations|invitation_roles|organization_domains|policies|policy_versions|access_requests|access_reviews|access_review_items|duty_conflicts|duty_waivers|memberships)\b/;

rewriteStatements(({ text, connection }) => {
  if (ENTERING.test(text)) entered.add(connection);
  if (LEAVING.test(text)) entered.delete(connection);
  if (WRITE.test(text) && !entered.has(connection)) writtenOutside.push(text);
  if (walls === "both") return text;
  if (walls === "none" && ENTERING.test(text)) return text.replace("tenant_role()", "'none'");
  return text.replace(CONDITION, (_, column: string, value: string) => {
    removed += 1;
    return `(${column} = ${value} OR true)`;
  });
});

const LOG = "The role of tenants writes the log and does not read it.";
const SESSIONS = "The role of tenants does not read sessions: they hold what signs somebody in.";
const DECIDED = "Decisions do not run behind the wall: it would make every check slower.";

/** Endpoints whose statements have the first wall alone, each with the reason. */
const IN_FRONT: Record<string, string> = {
  "GET /api/v1/audit-events": LOG,
  "GET /api/v1/audit-events.csv": LOG,
  "GET /api/v1/decisions/{id}": LOG,
  "GET /api/v1/organization-sessions": SESSIONS,
  "GET /api/v1/users/{id}/access": DECIDED,
  "GET /api/v1/users/{id}/access.csv": DECIDED,
  "GET /api/v1/users/{id}/records": DECIDED,
};

const NAMES = ENDPOINTS.filter(
  ({ path, access }) =>
    path.startsWith("/api/v1/") &&
    reasonOfInstallation(path) === undefined &&
    !(typeof access === "object" && access.instanceWide),
).map(({ method, path }) => `${method} ${path}`);

let intruder: Intruder;
let theirs: Subjects;
let ours: Subjects;
let ids: ReadonlySet<string>;

beforeAll(async () => {
  await anInstance();
  intruder = await makeIntruder(pool());
  theirs = await makeTheirs(pool());
  ours = await makeOurs(pool(), intruder);
  ids = await idsOfTheirs(pool(), intruder);
});

const surfaceOf = (name: string): EndpointSurface =>
  ENDPOINT_SURFACES[name] ?? { access: "signed-in" };

async function call(
  name: string,
  asked: Asked,
  standing: Walls,
  cookie = intruder.cookie,
): Promise<Answer> {
  const [method = ""] = name.split(" ");
  const address = addressOf(name, asked.params, asked.query);
  walls = standing;
  try {
    return await send(cookie, method, address, asked.body, surfaceOf(name).headers);
  } finally {
    walls = "both";
  }
}

const NOTHING: Asked = { params: {}, query: {}, body: undefined };

/** With something of theirs in each place of the request; a list is asked for without as well. */
const questionsTo = (name: string): Asked[] => [
  ...(name.startsWith("GET ") && !name.includes("{") ? [NOTHING] : []),
  ...crossingsOf(surfaceOf(name), { theirs, ours, ids }),
];

const leakedBy = ({ body }: Answer, asked: Asked): string[] => {
  const said = JSON.stringify(body);
  return [...ids].filter((id) => !namedIn(asked, ids).includes(id) && said.includes(id));
};

describe("without the first wall", () => {
  test.each(NAMES.filter((name) => !(name in IN_FRONT)))(
    "%s reaches nothing of another organization",
    async (name) => {
      for (const asked of questionsTo(name)) {
        const before = await stateBeside(pool(), intruder);
        const answer = await call(name, asked, "second");
        const told = `${JSON.stringify(asked)}: ${answer.status} ${JSON.stringify(answer.body)}`;
        if (namedIn(asked, ids).length > 0) expect(String(answer.status), told).toMatch(/^4/);
        expect(leakedBy(answer, asked), told).toEqual([]);
        expect(await stateBeside(pool(), intruder), told).toBe(before);
      }
    },
  );

  test("what is in front of the wall is there, and conditions were taken away", () => {
    expect(Object.keys(IN_FRONT).filter((name) => !NAMES.includes(name))).toEqual([]);
    expect(removed).toBeGreaterThan(100);
  });
});

// Each shows that the above can fail: without the second wall as well, there is something to be had.
test.each([
  "GET /api/v1/teams",
  "GET /api/v1/teams/{id}",
  "GET /api/v1/teams/{id}/members",
  "GET /api/v1/teams/{id}/roles",
  "GET /api/v1/domains",
  "GET /api/v1/policies",
  "GET /api/v1/policies/{id}",
  "GET /api/v1/policies/{id}/versions",
  "GET /api/v1/access-requests/pending",
  "GET /api/v1/access-reviews",
  "GET /api/v1/access-reviews/{id}",
  "GET /api/v1/access-reviews/{id}/items",
  "GET /api/v1/access-reviews/{id}/evidence",
  "GET /api/v1/duty-conflicts",
  "GET /api/v1/duty-waivers",
  "GET /api/v1/roles",
  "GET /api/v1/users",
  "GET /api/v1/invoices",
])("without either wall %s tells of another organization", async (name) => {
  expect(NAMES).toContain(name);
  const answers = [];
  for (const asked of questionsTo(name)) {
    answers.push({ asked, answer: await call(name, asked, "none") });
  }
  const told = answers.some(
    ({ asked, answer }) =>
      leakedBy(answer, asked).length > 0 ||
      (answer.status === 200 && Object.values(asked.params).some((id) => ids.has(id))),
  );
  expect(told).toBe(true);
});

/** Writes in front of the wall: what they do is not of one organization alone. */
const WRITTEN_IN_FRONT: Record<string, string> = {
  "POST /api/v1/users": "Whoever is made is a user of the installation, and a member with it.",
};

const SIGNS_IN = "It is about somebody who is not signed in, and about no organization.";

/** What does not come to writing here, each with the status that it has and the reason. */
const UNDONE: Record<string, [status: number, reason: string]> = {
  "POST /api/v1/auth/login": [401, SIGNS_IN],
  "POST /api/v1/auth/mfa": [401, SIGNS_IN],
  "POST /api/v1/auth/refresh": [401, SIGNS_IN],
  "POST /api/v1/decisions/simulate": [200, "It asks, and nothing comes of it."],
  "POST /api/v1/domains/{id}/verify": [409, "The record of a name that nobody has is not found."],
};

/** What somebody does to what is theirs alone is done by its owner. */
const MADE_THEIR_OWN: Record<string, [change: string, subject: keyof Subjects]> = {
  "DELETE /api/v1/sessions": ["sessions SET user_id = $1 WHERE id = $2", "session"],
  "DELETE /api/v1/sessions/{id}": ["sessions SET user_id = $1 WHERE id = $2", "session"],
  "DELETE /api/v1/tokens/{id}": ["personal_tokens SET user_id = $1 WHERE id = $2", "token"],
  "DELETE /api/v1/apps/{clientId}": [
    "oidc_grants SET user_id = $1 WHERE client_id = $2",
    "untoldClient",
  ],
  "POST /api/v1/access-requests/{id}/withdraw": [
    "access_requests SET user_id = $1 WHERE id = $2",
    "accessRequest",
  ],
};

/** And what asks one person is answered by that person. */
const ANSWERED = "PUT /api/v1/access-reviews/{id}/items/{itemId}";

/** What a call says otherwise than in the inventory, where it is to come to nothing. */
const OTHER_BODY: Record<string, (own: Subjects) => object> = {
  "POST /api/v1/access-requests": ({ otherRole }) => ({ roleId: otherRole }),
  // Nothing is taken by the right of an author who holds nothing.
  [ANSWERED]: () => ({ decision: "keep" }),
};

async function cookieOfReviewer({ reviewer }: Subjects): Promise<string> {
  const cookie = await openSession(pool(), reviewer.id);
  await pool().query("UPDATE sessions SET organization_id = $2 WHERE user_id = $1", [
    reviewer.id,
    intruder.organizationId,
  ]);
  return cookie;
}

/** A call by which something is done. */
async function askedToWrite(name: string, own: Subjects): Promise<Asked> {
  const [change, subject] = MADE_THEIR_OWN[name] ?? [];
  if (change !== undefined && subject !== undefined) {
    await pool().query(`UPDATE ${change}`, [intruder.id, own[subject]]);
  }
  const asked = askedOf(surfaceOf(name), own);
  const body = OTHER_BODY[name]?.(own);
  return body === undefined ? asked : { ...asked, body: { ...(asked.body as object), ...body } };
}

const WRITING = NAMES.filter((name) => !name.startsWith("GET "));

test.each(WRITING)(
  "%s writes what is an organization's behind the wall, and nowhere else",
  async (name) => {
    const own = await makeOurs(pool(), intruder);
    const asked = await askedToWrite(name, own);
    const cookie = name === ANSWERED ? await cookieOfReviewer(own) : undefined;
    const before = await lastChange(pool());
    writtenOutside = [];
    const { status, body } = await call(name, asked, "both", cookie);
    const told = `${status} ${JSON.stringify(body)}`;
    if (name in WRITTEN_IN_FRONT) expect(writtenOutside).not.toEqual([]);
    else expect(writtenOutside).toEqual([]);
    const undone = UNDONE[name];
    if (undone !== undefined) return expect(status, told).toBe(undone[0]);
    expect(String(status), told).toMatch(/^2/);
    expect(await lastChange(pool()), told).not.toBe(before);
  },
);

test("what is undone, written in front or made somebody's own is an endpoint that writes", () => {
  const named = [
    ANSWERED,
    ...[UNDONE, WRITTEN_IN_FRONT, MADE_THEIR_OWN, OTHER_BODY].flatMap(Object.keys),
  ];
  expect(named.filter((name) => !WRITING.includes(name))).toEqual([]);
});

import type pg from "pg";
import { expect, test } from "../../e2e/support/fixtures";
import { type HttpAnswer, redirectTarget, send } from "../../e2e/support/http";
import { addPerson, SESSION_COOKIE } from "../../e2e/support/people";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { lastChange } from "../inventory/change-watch";
import { makeSubjects, type Subjects } from "../inventory/subjects";
import { ACTIONS, addressOf, ENDPOINT_SURFACES, PAGES } from "../inventory/surfaces";
import {
  addGuardedAdministrator,
  FLOW_COOKIE,
  openFlow,
  sessionOf,
} from "../support/half-sessions";

// The states of somebody on the way in and up, against every surface of the
// inventory: what asks for more than a state has proven lets nobody through
// (ATK-33), and what does not ask for it stays open. The person is an
// administrator, so that only what they proved can refuse them.

interface Surface {
  name: string;
  isAnonymous: boolean;
  isFresh: boolean;
  leadsOutOfHold: boolean;
  call: (asked: Asked) => Promise<HttpAnswer>;
  /** Whether the answer asks who it is, or for more proof of it. */
  asks: (answer: HttpAnswer) => "sign-in" | "proof" | null;
}

interface Asked {
  url: string;
  subjects: Subjects;
  headers: Record<string, string>;
  /** The user whose page it is. */
  account: string;
}

const PASSWORD = "violet teapot under gravel";

/** What reaches the question of proof, where the inventory's own fields end before it. */
const REACHING: Record<string, (subjects: Subjects) => Record<string, string>> = {
  // Without a role it is only the making of a user, which is not sensitive.
  "app/admin/users/actions.ts#createUserAction": ({ unique, role }) => ({
    email: `${unique}@example.com`,
    name: "",
    password: PASSWORD,
    choosesRoles: "yes",
    "role.0": role,
  }),
};

const REACHING_BODIES: Record<string, (subjects: Subjects) => unknown> = {
  "POST /api/v1/users": ({ unique, role }) => ({
    email: `${unique}@example.com`,
    roleIds: [role],
  }),
};

const asksByRedirect = (answer: HttpAnswer): "sign-in" | "proof" | null => {
  const target = redirectTarget(answer) ?? "";
  if (target.startsWith("/challenge?for=step-up")) return "proof";
  return target === "/sign-in" || target.startsWith("/sign-in?returnTo") ? "sign-in" : null;
};

const PAGE_SURFACES = Object.entries(PAGES).map(
  ([route, { path, ...terms }]): Surface => ({
    ...traits(`page ${route}`, terms),
    call: ({ url, subjects, headers }) => send(url, { path: path?.(subjects) ?? route, headers }),
    asks: asksByRedirect,
  }),
);

const ACTION_SURFACES = Object.entries(ACTIONS).map(
  ([name, { fields, args, path, ...terms }]): Surface => ({
    ...traits(`action ${name}`, terms),
    call: ({ url, subjects, headers, account }) =>
      callServerAction(url, {
        action: findServerAction(name),
        ...(path ? { path: path(subjects) } : {}),
        fields: (REACHING[name] ?? fields)?.(subjects) ?? {},
        account,
        ...(args ? { args: args(subjects, account) } : {}),
        headers,
      }),
    asks: (answer) =>
      answer.text.includes('"status":"step-up"') ? "proof" : asksByRedirect(answer),
  }),
);

const API_SURFACES = Object.entries(ENDPOINT_SURFACES).map(
  ([name, { params, query, body, headers: own, ...terms }]): Surface => ({
    ...traits(`endpoint ${name}`, terms),
    call: ({ url, subjects, headers }) => {
      const [method = "GET"] = name.split(" ");
      return send(url, {
        method,
        path: addressOf(name, params?.(subjects), query?.(subjects)),
        headers: { ...headers, ...own, ...(body ? { "content-type": "application/json" } : {}) },
        ...(body ? { body: JSON.stringify((REACHING_BODIES[name] ?? body)(subjects)) } : {}),
      });
    },
    asks: ({ status, headers }) => {
      if (status !== 401) return null;
      const challenge = String(headers["www-authenticate"]);
      return challenge.includes("insufficient_user_authentication") ? "proof" : "sign-in";
    },
  }),
);

function traits(
  name: string,
  { access, fresh, during }: { access: string; fresh?: true; during?: string },
): Pick<Surface, "name" | "isAnonymous" | "isFresh" | "leadsOutOfHold"> {
  return {
    name,
    isAnonymous: access === "anonymous",
    isFresh: fresh === true,
    leadsOutOfHold: during === "second-factor",
  };
}

const SURFACES = [...PAGE_SURFACES, ...ACTION_SURFACES, ...API_SURFACES];
const GUARDED = SURFACES.filter(({ isAnonymous }) => !isAnonymous);

const sessionsOf = async (database: pg.Pool, userId: string): Promise<number> => {
  const { rowCount } = await database.query("SELECT 1 FROM sessions WHERE user_id = $1", [userId]);
  return rowCount ?? 0;
};

const HALF_WAY = [
  { state: "identified", proofs: [] },
  { state: "past the first factor", proofs: ["password"] },
] as const;

for (const { state, proofs } of HALF_WAY) {
  test(`whoever is ${state} gets in nowhere, and nothing comes of it (ATK-33)`, async ({
    gatehouse,
    clientAddress,
  }) => {
    const { database, url } = gatehouse;
    const subjects = await makeSubjects(database);
    const person = await addGuardedAdministrator(database);
    const flow = await openFlow(database, person, [...proofs]);
    const before = await lastChange(database);
    for (const surface of GUARDED) {
      // As the cookie that it is, and as the one that it would have to be.
      for (const cookie of [`${FLOW_COOKIE}=${flow}`, `${SESSION_COOKIE}=${flow}`]) {
        const headers = { cookie, origin: url, "x-forwarded-for": clientAddress };
        const answer = await surface.call({ url, subjects, headers, account: person.id });
        expect(surface.asks(answer), `${surface.name}: ${answer.status}`).toBe("sign-in");
      }
    }
    expect(await lastChange(database)).toBe(before);
    expect(await sessionsOf(database, person.id)).toBe(0);
  });
}

interface State {
  state: string;
  acr: "aal1" | "aal2";
  minutesAgo: number;
  /** Whether a rule asks for a second factor that the person does not have yet. */
  held?: true;
  asks: (surface: Surface) => boolean;
}

const SIGNED_IN: State[] = [
  {
    state: "is signed in without the second factor that they have",
    acr: "aal1",
    minutesAgo: 0,
    asks: ({ isFresh }) => isFresh,
  },
  {
    state: "gave both factors a while ago",
    acr: "aal2",
    minutesAgo: 11,
    asks: ({ isFresh }) => isFresh,
  },
  { state: "has stepped up just now", acr: "aal2", minutesAgo: 0, asks: () => false },
  {
    state: "is held until they have a second factor",
    acr: "aal1",
    minutesAgo: 0,
    held: true,
    asks: ({ leadsOutOfHold }) => !leadsOutOfHold,
  },
];

for (const { state, acr, minutesAgo, held, asks } of SIGNED_IN) {
  test(`whoever ${state} is asked for more exactly where the rules say so (ATK-33)`, async ({
    gatehouse,
    clientAddress,
  }) => {
    // Every guarded surface there is.
    test.setTimeout(600_000);
    const { database, url } = gatehouse;
    const wrong: string[] = [];
    // Whoever is let through uses them up; who is asked for more leaves them as they are.
    let subjects: Subjects | undefined;
    for (const surface of GUARDED) {
      subjects ??= await makeSubjects(database);
      // Anew each time: what one call does must not decide the next.
      const person = held
        ? await addPerson(database, { roles: ["Admin", await aDemandingRole(database)] })
        : await addGuardedAdministrator(database);
      const cookie = await sessionOf(database, person.id, { acr, minutesAgo });
      const expected = asks(surface) ? "proof" : null;
      const before = expected === "proof" ? await lastChange(database) : "not compared";
      const headers = { cookie, origin: url, "x-forwarded-for": clientAddress };
      const answer = await surface.call({ url, subjects, headers, account: person.id });
      if (surface.asks(answer) !== expected || answer.status >= 500) {
        wrong.push(`${surface.name}: ${answer.status} ${answer.text.slice(0, 200)}`);
      } else if (expected === "proof" && (await lastChange(database)) !== before) {
        wrong.push(`${surface.name}: did something all the same`);
      }
      if (expected === null) subjects = undefined;
    }
    expect(wrong).toEqual([]);
  });
}

/** A role that gives nothing and asks for a second factor. */
async function aDemandingRole(database: pg.Pool): Promise<string> {
  const name = "Held";
  await database.query(
    `INSERT INTO roles (id, name, mfa_required) VALUES (gen_random_uuid(), $1, true)
     ON CONFLICT DO NOTHING`,
    [name],
  );
  return name;
}

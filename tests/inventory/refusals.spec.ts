import type pg from "pg";
import { expect, test } from "../../e2e/support/fixtures";
import { redirectTarget, send } from "../../e2e/support/http";
import { ROOT } from "../../e2e/support/program";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import {
  type Actor,
  actAs,
  type Caller,
  type Expectation,
  expectationOf,
  REFUSED_ACTORS,
} from "./actors";
import { lastChange } from "./change-watch";
import { expectDecision } from "./named-decision";
import { makeSubjects, type Subjects } from "./subjects";
import {
  ACTIONS,
  type ActionSurface,
  addressOf,
  ENDPOINT_SURFACES,
  HANDLERS,
  PAGES,
} from "./surfaces";

// Every surface is called by everybody who may not use it, and by somebody who
// holds what it needs and no more (ATK-06, ATK-43). A refusal changes nothing.

// Each with what it has made itself, and so on whichever worker is free.
test.describe.configure({ mode: "parallel" });

const ACTORS: Actor[] = [...REFUSED_ACTORS, "holder"];
/**
 * The middleware sees whether there is a cookie and nothing else: without it one of each side is asked,
 * and whoever may do it.
 */
const ACTORS_OF_MIDDLEWARE: Actor[] = ["anonymous", "roleless", "holder"];

interface Turn {
  actor: Actor;
  caller: Caller;
  subjects: Subjects;
  expectation: Expectation;
  /** The last change to all that is stored; of who may do it, but for what is their own. */
  state: () => Promise<string>;
}

/**
 * Everybody's turn, whoever may do it last. Those who are refused leave the
 * subjects as they are, so that these serve the next one too.
 */
async function* turns(
  database: pg.Pool,
  { access, also = [], secondFactor }: Pick<ActionSurface, "access" | "also" | "secondFactor">,
  actors = ACTORS,
): AsyncGenerator<Turn> {
  const needed = access === "anonymous" || access === "signed-in" ? [] : [access, ...also];
  const callers = new Map<Actor, Caller>();
  for (const actor of actors) {
    callers.set(actor, await actAs(database, actor, needed, { secondFactor }));
  }
  let subjects: Subjects | undefined;
  for (const [actor, caller] of callers) {
    const expectation = expectationOf(actor, access);
    subjects ??= await makeSubjects(database);
    const isRefused = expectation !== "allowed";
    const state = () => lastChange(database, isRefused ? undefined : caller.userId);
    yield { actor, caller, subjects, expectation, state };
    if (!isRefused) subjects = undefined;
  }
}

const actorsIn = (programDir: string): Actor[] =>
  programDir === "" ? ACTORS : ACTORS_OF_MIDDLEWARE;

for (const [route, { access, path, also, ...statuses }] of Object.entries(PAGES)) {
  test(`page ${route} needs ${access}`, async ({ gatehouse, programDir }) => {
    const asked = turns(gatehouse.database, { access, also }, actorsIn(programDir));
    for await (const { actor, caller, subjects, expectation } of asked) {
      const target = path?.(subjects) ?? route;
      const answer = await send(gatehouse.url, { path: target, headers: caller.cookie });
      const told = `${actor} at ${target}`;
      switch (expectation) {
        case "sign in":
          expect(answer.status, told).toBe(307);
          expect(redirectTarget(answer), told).toBe(
            `/sign-in?returnTo=${encodeURIComponent(target)}`,
          );
          break;
        case "forbidden":
          expect(answer.status, told).toBe(403);
          await expectDecision(gatehouse, answer);
          break;
        case "not theirs":
          expect([200, 404], told).toContain(answer.status);
          expect(answer.text, told).not.toContain("Ada &amp; Co");
          break;
        case "allowed":
          expect(answer.status, told).toBe(
            (["roleless", "other", "holder"].includes(actor)
              ? statuses.status
              : statuses.anonymousStatus) ?? 200,
          );
      }
    }
  });
}

for (const [route, { path, status }] of Object.entries(HANDLERS)) {
  test(`handler ${route} answers everybody alike`, async ({ gatehouse }) => {
    for (const actor of ACTORS) {
      const { cookie } = await actAs(gatehouse.database, actor, []);
      const answer = await send(gatehouse.url, { path, headers: cookie });
      expect(answer.status, actor).toBe(status);
    }
  });
}

for (const [name, surface] of Object.entries(ACTIONS)) {
  const { access, also, fields, args, path, secondFactor } = surface;
  test(`action ${name} needs ${access}`, async ({ gatehouse, programDir, clientAddress }) => {
    const action = findServerAction(name, programDir || ROOT);
    const needs = { access, also, secondFactor };
    for await (const turn of turns(gatehouse.database, needs, actorsIn(programDir))) {
      const { actor, caller, subjects, expectation } = turn;
      const before = await turn.state();
      const answer = await callServerAction(gatehouse.url, {
        action,
        ...(path ? { path: path(subjects) } : {}),
        fields: fields?.(subjects) ?? {},
        account: caller.userId,
        ...(args ? { args: args(subjects, caller.userId ?? "") } : {}),
        headers: { ...caller.cookie, origin: gatehouse.url, "x-forwarded-for": clientAddress },
      });
      const told = `${actor}: ${answer.status} ${answer.text.slice(0, 300)}`;
      const after = await turn.state();
      switch (expectation) {
        case "sign in":
          expect(redirectTarget(answer), told).toMatch(/^\/sign-in/);
          expect(after, told).toBe(before);
          break;
        case "forbidden":
        case "not theirs":
          expect(answer.status, told).toBe(403);
          expect(after, told).toBe(before);
          await expectDecision(gatehouse, answer);
          break;
        case "allowed":
          expect([200, 303], told).toContain(answer.status);
          if (access === "anonymous") break;
          // Whoever is merely signed in reaches nothing of anybody else.
          if (access === "signed-in" || surface.unchanged === true) {
            expect(after, told).toBe(before);
          } else expect(after, told).not.toBe(before);
      }
    }
  });
}

for (const [name, surface] of Object.entries(ENDPOINT_SURFACES)) {
  const { access, also, params, query, body, headers, status, secondFactor } = surface;
  test(`endpoint ${name} needs ${access}`, async ({ gatehouse, clientAddress }) => {
    const [method = "GET"] = name.split(" ");
    for await (const turn of turns(gatehouse.database, { access, also, secondFactor })) {
      const { actor, caller, subjects, expectation } = turn;
      const before = await turn.state();
      const answer = await send(gatehouse.url, {
        method,
        path: addressOf(name, params?.(subjects), query?.(subjects)),
        headers: {
          ...caller.cookie,
          ...headers,
          origin: gatehouse.url,
          "x-forwarded-for": clientAddress,
          ...(body ? { "content-type": "application/json" } : {}),
        },
        ...(body ? { body: JSON.stringify(body(subjects)) } : {}),
      });
      const told = `${actor}: ${answer.status} ${answer.text.slice(0, 300)}`;
      const after = await turn.state();
      if (expectation !== "allowed") expect(after, told).toBe(before);
      switch (expectation) {
        case "sign in":
          expect(answer.status, told).toBe(401);
          expect(answer.headers["www-authenticate"], told).toMatch(/^Bearer resource_metadata=/);
          break;
        case "forbidden":
          expect(answer.status, told).toBe(403);
          expect(answer.headers["content-type"]).toBe("application/problem+json");
          await expectDecision(gatehouse, answer);
          break;
        case "not theirs":
          expect([200, 403, 404], told).toContain(answer.status);
          expect(answer.text, told).not.toContain("Ada & Co");
          break;
        case "allowed":
          if (status !== undefined) {
            expect(answer.status, told).toBe(status);
            expect(after, told).toBe(before);
            break;
          }
          if (access !== "signed-in") expect(Math.floor(answer.status / 100), told).toBe(2);
          else expect([200, 204, 404], told).toContain(answer.status);
          if (access === "signed-in") expect(after, told).toBe(before);
          else if (method !== "GET") expect(after, told).not.toBe(before);
      }
    }
  });
}

import { describe, expect, test } from "vitest";
import { askingState } from "@/app/_impact/asking-state";
import { impactState, invitationState, type PreviewState } from "@/app/_impact/impact-state";
import { ownSessionWarning, sessionSentences } from "@/app/_impact/session-words";
import type { Impact } from "@/lib/authz/impact/impact";
import { translatorFor } from "@/lib/platform/locale/translator";
import type { ForeseenSessions } from "@/lib/sessions/foresee-sessions";
import type { Caller } from "@/lib/shared/caller";

// What a form says of a preview, in words.

const t = await translatorFor("en", "impact");

const NOTHING: Impact = {
  people: 0,
  gaining: 0,
  losing: 0,
  otherwise: 0,
  permissions: [],
  named: [],
  unnamed: 0,
  services: 0,
  namedServices: [],
  sessions: 0,
  ended: 0,
  own: [],
  foretold: null,
  waiting: [],
};

const sessions = (changed: Partial<ForeseenSessions["fates"]> = {}): ForeseenSessions => {
  const none = { sessions: 0, people: 0 };
  const fates = {
    ended: none,
    network: none,
    "single-sign-on": none,
    idle: none,
    "second-factor": none,
    password: none,
  };
  return { fates: { ...fates, ...changed }, freed: none, own: null };
};

const told = async (state: Promise<PreviewState>) => (await state).preview;

describe("open sessions", () => {
  test("are told by what they meet, one or many", () => {
    const one = sessions({ ended: { sessions: 1, people: 1 } });
    expect(sessionSentences(t, one)).toEqual([
      "1 open session of 1 person is older than that, and would be over at its next request.",
    ]);
    const many = sessions({
      network: { sessions: 1_200, people: 900 },
      password: { sessions: 2, people: 1 },
    });
    expect(sessionSentences(t, many)).toEqual([
      "1,200 open sessions of 900 people were begun outside of these networks, and would be refused from there.",
      "2 open sessions of 1 person would be held until a password that is too old is changed.",
    ]);
    const freed = { ...sessions(), freed: { sessions: 1, people: 1 } };
    expect(sessionSentences(t, freed)).toEqual([
      "1 open session of 1 person is held or refused now, and would not be.",
    ]);
    expect(sessionSentences(t, sessions())).toEqual([]);
  });

  test("of the author are warned of, but where the form asks by itself", () => {
    expect(ownSessionWarning(t, { ...sessions(), own: "ended" })).toContain("sign in again");
    expect(ownSessionWarning(t, { ...sessions(), own: "network" })).toBe("");
    expect(ownSessionWarning(t, sessions())).toBe("");
  });

  test("that the change ends are told although nobody can do less", async () => {
    expect((await told(impactState({ ...NOTHING, ended: 2 }, t))).sentences).toEqual([
      "Nobody could do anything more, less or otherwise.",
      "2 open sessions end at once.",
    ]);
  });
});

test("grants that wait for a reviewer who is gone are taken away, and it is said", async () => {
  const waiting = [{ key: "access-reviews", touched: 0, over: 0, fewerAnswer: 1 }];
  expect((await told(impactState({ ...NOTHING, waiting }, t))).sentences).toEqual([
    "1 grant waits in an access review for somebody who could not answer any more: without an answer it is taken away.",
  ]);
});

test("a service account is told by its name and what differs for it", async () => {
  const line = {
    organizationId: "here",
    permissionKey: "view_invoice",
    difference: "gained",
    before: "none",
    after: "all",
  } as const;
  const namedServices = [{ clientId: "job", name: "Job", lines: [line] }];
  expect(await told(impactState({ ...NOTHING, services: 1, namedServices }, t))).toMatchObject({
    sentences: ["1 service account is touched."],
    accounts: [{ name: "Job", changes: ["gains view_invoice for every record"] }],
  });
});

test("who could not accept an invitation is told by the address, and never by a stand-in", async () => {
  const foretold = {
    outcome: "rejected",
    reason: "duty-conflict",
    conflicts: ["Books"],
    people: ["01a2-stand-in@example.com"],
    others: 0,
  } as const;
  const state = invitationState(
    { ...NOTHING, foretold: { ...foretold, conflicts: ["Books"], people: [...foretold.people] } },
    "guest@example.com",
    t,
  );
  expect((await told(state)).warning).toBe(
    "With these roles guest@example.com would hold both sides of “Books”, and could not accept without a waiver.",
  );
});

test("a role that asks for a factor warns an author who has none, and not one who has", async () => {
  const asking = {
    asked: 2,
    led: 1,
    named: [{ id: "one", email: "one@example.com", name: null }],
    unnamed: 0,
    sessions: {
      ...sessions({ "second-factor": { sessions: 1, people: 1 } }),
      own: "second-factor",
    },
  } as const;
  const as = (secondFactorEnrolled: boolean) =>
    told(
      askingState(
        { principal: { secondFactorEnrolled } } as Caller,
        NOTHING,
        true,
        {
          ...asking,
          named: [...asking.named],
        },
        t,
      ),
    );
  expect(await as(false)).toMatchObject({
    warning: "You have no second factor yourself: you will be led to one at once.",
    people: [{ name: "one@example.com", changes: ["is led to set up a second factor"] }],
  });
  expect((await as(true)).warning).toBe(
    "You would be asked for a second factor at your next request.",
  );
  expect((await as(true)).sentences.slice(0, 2)).toEqual([
    "2 people would be asked for a second factor by this role alone.",
    "1 person would be led to set one up, having none.",
  ]);
});

test("a preview is told in the language of its reader, with its plurals (F134)", async () => {
  const german = await translatorFor("de", "impact");
  const line = { organizationId: "here", permissionKey: "view_invoice" } as const;
  const own = [
    { ...line, difference: "lost", before: "all", after: "none" },
    { ...line, difference: "otherwise", before: "some", after: "some" },
  ] as const;
  const impact = { ...NOTHING, people: 1_200, losing: 1_200, own: [...own] };
  expect((await told(impactState(impact, german))).sentences).toEqual([
    "1.200 Personen könnten weniger tun.",
    "Sie selbst: verliert view_invoice, bisher für alle Datensätze; hat view_invoice anders: unter einer Bedingung, aber eine andere.",
  ]);
  const arabic = await translatorFor("ar", "impact");
  const two = sessions({ idle: { sessions: 2, people: 1 } });
  expect(sessionSentences(arabic, two)[0]).toContain("جلستان مفتوحتان تخص شخصًا واحدًا");
});

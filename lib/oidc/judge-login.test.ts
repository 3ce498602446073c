import { expect, test } from "vitest";
import { judgeLogin, type LoginDemands } from "@/lib/oidc/judge-login";
import { AAL1, AAL2 } from "@/lib/shared/assurance";

const NOW = new Date("2026-01-01T12:00:00Z");
const ago = (seconds: number) => new Date(NOW.getTime() - seconds * 1000);
const session = (acr: string, seconds: number) => ({ acr, authTime: ago(seconds) });
const demands = (given: Partial<LoginDemands> = {}): LoginDemands => ({
  reasons: ["no_session"],
  askedAt: ago(30),
  acrs: [],
  acrEssential: false,
  ...given,
});

test.each<[string, { acr: string; authTime: Date }, Partial<LoginDemands>, string]>([
  ["whoever is signed in", session(AAL1, 5000), {}, "enough"],
  ["prompt=login, proven before", session(AAL1, 31), { reasons: ["login_prompt"] }, "step-up"],
  ["prompt=login, proven since", session(AAL1, 29), { reasons: ["login_prompt"] }, "enough"],
  ["max_age met", session(AAL1, 50), { maxAge: 60 }, "enough"],
  ["max_age not met", session(AAL1, 61), { maxAge: 60 }, "step-up"],
  ["max_age as text", session(AAL1, 61), { maxAge: "60" }, "step-up"],
  ["max_age of nothing, proven before", session(AAL1, 31), { maxAge: 0 }, "step-up"],
  ["max_age of nothing, proven since", session(AAL1, 10), { maxAge: 0 }, "enough"],
  ["a class that is met", session(AAL2, 50), { acrs: [AAL2] }, "enough"],
  ["a class that is surpassed", session(AAL2, 50), { acrs: [AAL1] }, "enough"],
  ["a class that is not met", session(AAL1, 50), { acrs: [AAL2] }, "step-up"],
  ["either of two classes", session(AAL1, 50), { acrs: [AAL2, AAL1] }, "enough"],
  ["a class nobody knows, wished for", session(AAL1, 50), { acrs: ["x"] }, "enough"],
  [
    "a class nobody knows, essential",
    session(AAL2, 50),
    { acrs: ["x"], acrEssential: true },
    "unreachable",
  ],
  [
    "a lower class, essential",
    session(AAL2, 50),
    { acrs: [AAL1], acrEssential: true },
    "unreachable",
  ],
  ["a higher class, essential", session(AAL1, 50), { acrs: [AAL2], acrEssential: true }, "step-up"],
  [
    "a class that is met, essential",
    session(AAL2, 50),
    { acrs: [AAL2], acrEssential: true },
    "enough",
  ],
  ["somebody else", session(AAL2, 5), { reasons: ["id_token_hint"] }, "unreachable"],
])("%s", (_, given, asked, verdict) => {
  expect(judgeLogin(given, demands(asked), NOW).verdict).toBe(verdict);
});

test("only a class that is missing asks for a second factor", () => {
  expect(judgeLogin(session(AAL1, 50), demands({ acrs: [AAL2] }), NOW)).toEqual({
    verdict: "step-up",
    acr: AAL2,
  });
  expect(judgeLogin(session(AAL1, 61), demands({ maxAge: 60 }), NOW)).toEqual({
    verdict: "step-up",
    acr: undefined,
  });
});

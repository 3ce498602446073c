import { expect, test, vi } from "vitest";
import { BenchForm } from "@/app/admin/policies/bench.schema";
import type { Caller } from "@/lib/shared/caller";
import { aCaller } from "@/tests/support/builders";
import { anInvoice } from "@/tests/support/invoices";
import { aCallerHolding, aUserHolding } from "@/tests/support/roles";
import { aForeignCaller } from "@/tests/support/strangers";

// Nobody is signed in, and the request asks for no language: it is spoken to in English.
vi.mock("next/headers", () => ({
  headers: async () => new Headers(),
  cookies: async () => ({ get: () => undefined }),
}));
const { answerBench } = await import("@/app/admin/policies/bench");

const ask = (caller: Caller, fields: Record<string, string>) =>
  answerBench(caller, BenchForm.parse({ asked: "view_invoice", ...fields }));

test("the bench says what decides, and what would with what is being edited", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const person = await aUserHolding({ view_invoice: "own" });
  const answer = await ask(admin, {
    email: person.email,
    record: "described",
    owned: "on",
    "field.amount": "500",
    tried: "edited",
    "draft.effect": "deny",
    "draft.permission.0": "view_invoice",
    "draft.hide.0": "amount",
    "draft.condition": JSON.stringify({
      kind: "field",
      field: "amount",
      operator: "at-least",
      value: 100,
    }),
  });
  expect(answer).toMatchObject({
    status: "given",
    value: {
      stored: {
        allowed: true,
        hidden: [],
        rules: [{ decides: true, lines: [{ text: "the record is their own", finding: "met" }] }],
      },
      tried: {
        title: "With what is being edited in force",
        verdict: {
          allowed: true,
          hidden: ["amount"],
          rules: [
            { decides: true },
            { lines: [{ text: "amount is at least 100", actual: "500" }] },
          ],
        },
      },
    },
  });
  const others = await ask(admin, { email: person.email, record: "described" });
  expect(others).toMatchObject({ value: { stored: { allowed: false } } });
});

test("it knows no record and nobody that the caller may not see (ATK-43)", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const foreigner = await aForeignCaller(["Admin"]);
  const reader = await aCallerHolding({ view_policies: "all" });
  const invoice = await anInvoice(admin);
  const known = { record: "known", recordId: invoice.id };
  const named = (caller: Caller) => ({ email: caller.principal.email, ...known });
  expect(await ask(admin, named(admin))).toMatchObject({ status: "given" });
  const none = { fieldErrors: { recordId: [expect.any(String)] } };
  expect(await ask(foreigner, named(foreigner))).toMatchObject(none);
  expect(await ask(reader, named(reader))).toMatchObject(none);
  const stranger = await ask(reader, { email: admin.principal.email });
  expect(stranger).toMatchObject({ fieldErrors: { email: [expect.any(String)] } });
  const nobody = await ask(reader, { email: "nobody@example.com" });
  expect(nobody).toEqual(stranger);
});

test("what is not complete is said, and not tried", async () => {
  const admin = await aCaller({ roles: ["Admin"] });
  const { email } = admin.principal;
  expect(await ask(admin, { email, asked: "fly" })).toMatchObject({
    fieldErrors: { asked: [expect.any(String)] },
  });
  const tried = { fieldErrors: { tried: [expect.any(String)] } };
  expect(await ask(admin, { email, tried: "edited" })).toMatchObject(tried);
  const undeniable = { "draft.effect": "deny", "draft.permission.0": "manage_policies" };
  expect(await ask(admin, { email, tried: "edited", ...undeniable })).toMatchObject(tried);
  const half = { "draft.effect": "deny", "draft.permission.0": "view_invoice" };
  const unfinished = { ...half, "draft.condition": '"incomplete"' };
  expect(await ask(admin, { email, tried: "edited", ...unfinished })).toMatchObject(tried);
  expect(await ask(admin, { email, ...unfinished })).toMatchObject({ status: "given" });
  expect(await ask(admin, { email, tried: "3" })).toMatchObject(tried);
});

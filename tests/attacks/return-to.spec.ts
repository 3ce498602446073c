import { expect, test } from "../../e2e/support/fixtures";
import { redirectTarget, send } from "../../e2e/support/http";
import { addPerson } from "../../e2e/support/people";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";

// ATK-13 from outside: the corpus itself is tested beside lib/shared/return-to.ts.

const FOREIGN = [
  "//evil.example",
  "/\\evil.example",
  "/\t/evil.example",
  "/%09/evil.example",
  "https://evil.example",
  "/.//evil.example",
  "javascript:alert(1)",
  "/\u2028/evil.example",
];

for (const returnTo of FOREIGN) {
  test(`sign-in does not lead to ${JSON.stringify(returnTo)}`, async ({
    gatehouse,
    clientAddress,
  }) => {
    const person = await addPerson(gatehouse.database);
    const answer = await callServerAction(gatehouse.url, {
      action: findServerAction("app/(auth)/actions.ts#signInAction"),
      fields: { email: person.email, password: person.password, returnTo },
      headers: { origin: gatehouse.url, "x-forwarded-for": clientAddress },
    });
    const target = redirectTarget(answer) ?? "";
    expect(target).toMatch(/^\/(?![/\\])/);
    expect(new URL(target, gatehouse.url).origin).toBe(gatehouse.url);

    const cookie = (answer.headers["set-cookie"] ?? [])
      .map((line) => line.split(";")[0])
      .join("; ");
    const again = await send(gatehouse.url, {
      path: `/sign-in?returnTo=${encodeURIComponent(returnTo)}`,
      headers: { cookie },
    });
    expect(again.status).toBe(307);
    expect(new URL(redirectTarget(again) ?? "", gatehouse.url).origin).toBe(gatehouse.url);
  });
}

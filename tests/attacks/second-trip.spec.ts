import { expect, test } from "../../e2e/support/fixtures";
import { callServerAction, findServerAction } from "../../e2e/support/server-actions";
import { actAs } from "../inventory/actors";

// Next passes an action on that the asked page does not know, by asking itself.
// What that second request says of the caller counts for limits and records.

test("an action by way of another page bears the caller's address (ATK-34)", async ({
  gatehouse,
  clientAddress,
}) => {
  const { userId, cookie } = await actAs(gatehouse.database, "roleless", []);
  await callServerAction(gatehouse.url, {
    action: findServerAction("app/(account)/account/actions.ts#updateProfileAction"),
    account: userId,
    path: "/developers",
    fields: { name: "Second Trip" },
    headers: { ...cookie, origin: gatehouse.url, "x-forwarded-for": clientAddress },
  });
  const { rows } = await gatehouse.database.query<{ ip: string }>(
    "SELECT ip FROM audit_events WHERE actor_id = $1 ORDER BY at DESC, id DESC LIMIT 1",
    [userId],
  );
  expect(rows[0]?.ip).toBe(clientAddress);
});

test("nobody else can say whose request it is", async ({ gatehouse, clientAddress }) => {
  await callServerAction(gatehouse.url, {
    action: findServerAction("app/(auth)/actions.ts#signInAction"),
    fields: { email: "nobody@example.com", password: "wrong" },
    headers: {
      origin: gatehouse.url,
      "x-forwarded-for": clientAddress,
      "x-gatehouse-lane": "A".repeat(43),
      "x-gatehouse-client-ip": "192.0.2.77",
    },
  });
  const { rows } = await gatehouse.database.query<{ ip: string }>(
    "SELECT ip FROM audit_events WHERE action = 'session.rejected' ORDER BY at DESC, id DESC LIMIT 1",
  );
  expect(rows[0]?.ip).toBe(clientAddress);
});

import { expect, test } from "../support/fixtures";
import { redirectTarget } from "../support/http";
import { addPerson, openSession } from "../support/people";
import { callServerAction, findServerAction, submitPlainForm } from "../support/server-actions";

const PROFILE = "app/(account)/account/actions.ts#updateProfileAction";

test("a captured cookie opens nothing once its session is revoked (F29)", async ({
  request,
  baseURL,
  database,
}) => {
  const person = await addPerson(database, { name: "Before" });
  const cookie = `gatehouse_session=${await openSession(database, person.id)}`;
  const headers = { cookie, origin: String(baseURL) };
  const action = findServerAction(PROFILE);
  const url = String(baseURL);
  const rename = (name: string) =>
    callServerAction(url, { action, headers, account: person.id, fields: { name } });

  expect((await request.get("/account/profile", { headers })).status()).toBe(200);
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(200);
  expect((await rename("While alive")).status).toBe(200);
  expect(await nameOf(person.id)).toBe("While alive");

  await database.query(
    "UPDATE sessions SET revoked_at = now(), revoked_reason = 'test' WHERE user_id = $1",
    [person.id],
  );
  const page = await request.get("/account/profile", { headers, maxRedirects: 0 });
  expect(page.status()).toBe(307);
  expect(page.headers()["location"]).toBe("/sign-in?returnTo=%2Faccount%2Fprofile");
  const handler = await request.get("/api/v1/me", { headers });
  expect(handler.status()).toBe(401);
  expect(handler.headers()["www-authenticate"]).toBe(
    `Bearer resource_metadata="${baseURL}/.well-known/oauth-protected-resource/api/v1"`,
  );
  const refused = await rename("After");
  expect(redirectTarget(refused)).toBe("/sign-in");
  const plain = await submitPlainForm(url, { action, headers, fields: { name: "After" } });
  expect(plain.status).toBe(303);
  expect(redirectTarget(plain)).toBe("/sign-in");
  expect(await nameOf(person.id)).toBe("While alive");

  async function nameOf(id: string): Promise<string | undefined> {
    const { rows } = await database.query<{ name: string }>(
      "SELECT name FROM users WHERE id = $1",
      [id],
    );
    return rows[0]?.name;
  }
});

test("a cookie from before sign-out is worthless, also to whoever copied it", async ({
  page,
  request,
  signedInAs,
}) => {
  const { cookie } = await signedInAs();
  await page.goto("/account/profile");
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expect(page).toHaveURL(/\/sign-in$/);
  const headers = { cookie: `gatehouse_session=${cookie}` };
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
});

test("a disabled user is out at the next request (ATK-39)", async ({ request, database }) => {
  const person = await addPerson(database);
  const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(200);
  await database.query("UPDATE users SET status = 'disabled' WHERE id = $1", [person.id]);
  expect((await request.get("/api/v1/me", { headers })).status()).toBe(401);
  const page = await request.get("/account/profile", { headers, maxRedirects: 0 });
  expect(page.status()).toBe(307);
});

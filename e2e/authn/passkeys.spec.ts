import type { Page } from "@playwright/test";
import type pg from "pg";
import { expectAccessible } from "../support/accessibility";
import { VirtualAuthenticator } from "../support/authenticator";
import { expect, test } from "../support/fixtures";
import { expectPath, signIn, signInScreen } from "../support/screens";

const addButton = (page: Page) => page.getByRole("button", { name: "Add a passkey" });
const useButton = (page: Page) => page.getByRole("button", { name: "Use a passkey" });
const nameField = (page: Page) => page.getByLabel("Name of the new passkey");

async function addPasskey(page: Page, key: VirtualAuthenticator, name: string): Promise<void> {
  await page.goto("/account/security");
  await nameField(page).fill(name);
  await key.confirming(async () => {
    await addButton(page).click();
    await expect(page.getByText("The passkey is added.")).toBeVisible();
  });
  await expect(page.getByRole("listitem").filter({ hasText: name })).toBeVisible();
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Sign out" }).first().click();
  await expectPath(page, "/sign-in");
}

async function acrOf(database: pg.Pool, userId: string): Promise<string[]> {
  const { rows } = await database.query<{ acr: string }>(
    "SELECT acr FROM sessions WHERE user_id = $1 AND revoked_at IS NULL",
    [userId],
  );
  return rows.map(({ acr }) => acr);
}

test("a passkey is added, renamed, and signs in without an address (F25, F26)", async ({
  page,
  database,
  signedInAs,
  mailbox,
}) => {
  const person = await signedInAs();
  const key = await VirtualAuthenticator.plugInto(page);
  await page.goto("/account/security");
  await expect(nameField(page)).toHaveValue(/^Chrome on /);
  await addPasskey(page, key, "Laptop");
  expect(await key.countCredentials()).toBe(1);
  expect((await mailbox.to(person.email)).at(-1)?.subject).toBe("A passkey was added");

  const item = page.getByRole("listitem").filter({ hasText: "Laptop" });
  await expect(item).toContainText("not used yet");
  await item.getByRole("button", { name: "Rename the passkey Laptop" }).click();
  await page.getByRole("alertdialog").getByLabel("Name", { exact: true }).fill("Work laptop");
  await page.getByRole("alertdialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Work laptop" })).toBeVisible();
  await expectAccessible(page);

  await signOut(page);
  await expect(useButton(page)).toBeVisible();
  await expectAccessible(page);
  await page.goto("/account/sessions");
  await expectPath(page, "/sign-in?returnTo=%2Faccount%2Fsessions");
  await key.confirming(async () => {
    await useButton(page).click();
    await expectPath(page, "/account/sessions");
  });
  expect(await acrOf(database, person.id)).toEqual(["urn:gatehouse:aal3"]);
  await page.goto("/account/security");
  await expect(page.getByRole("listitem").filter({ hasText: "Work laptop" })).toContainText(
    "last used",
  );
});

test("the browser offers passkeys at the field for the address (F25)", async ({
  page,
  signedInAs,
}) => {
  await signedInAs();
  const key = await VirtualAuthenticator.plugInto(page, { autofill: true });
  await addPasskey(page, key, "Laptop");
  await signOut(page);
  await expect(signInScreen(page).email).toHaveAttribute("autocomplete", "username webauthn");
  // The virtual authenticator picks for its user what autofill would show them.
  await key.confirming(async () => {
    await page.goto("/sign-in");
    await expectPath(page, "/dashboard");
  });
});

// Chromium uses a key that names its user only after verifying them. That such a
// key without verification is asked for the password as well is a test of the flow.
test("a key that does not verify its user is one of two factors (F27)", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  const key = await VirtualAuthenticator.plugInto(page, { verifiesUser: false });
  await addPasskey(page, key, "Keyring");
  await signOut(page);
  await signIn(page, person);
  await expectPath(page, "/challenge/passkey");
  expect(await acrOf(database, person.id)).toEqual([]);
  await key.confirming(async () => {
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await expectPath(page, "/dashboard");
  });
  const { rows } = await database.query(
    "SELECT acr, amr FROM sessions WHERE user_id = $1 AND revoked_at IS NULL",
    [person.id],
  );
  expect(rows).toEqual([{ acr: "urn:gatehouse:aal2", amr: ["pwd", "hwk", "mfa"] }]);
});

test("whoever has to confirm that it is them does it with the passkey (F22)", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  const key = await VirtualAuthenticator.plugInto(page);
  await addPasskey(page, key, "Laptop");
  await database.query(
    "UPDATE sessions SET auth_time = now() - interval '1 hour' WHERE user_id = $1",
    [person.id],
  );
  await nameField(page).fill("Second");
  await addButton(page).click();
  await expect.poll(() => new URL(page.url()).pathname).toBe("/challenge/passkey");
  await expectAccessible(page);
  await key.confirming(async () => {
    await page.getByRole("button", { name: "Use a passkey" }).click();
    await expectPath(page, "/account/security");
  });
  await expect(nameField(page)).toHaveValue("Second");
});

test("a passkey is deleted, but not the last way in (F26)", async ({
  page,
  database,
  signedInAs,
}) => {
  const person = await signedInAs();
  const key = await VirtualAuthenticator.plugInto(page);
  await addPasskey(page, key, "Laptop");
  await database.query("DELETE FROM credentials_password WHERE user_id = $1", [person.id]);
  const remove = async () => {
    await page.getByRole("button", { name: "Delete the passkey Laptop" }).click();
    await page.getByRole("button", { name: "Delete passkey" }).click();
  };
  await remove();
  await expect(page.getByText("This is your last way in. Add another one first.")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();

  await database.query(
    `INSERT INTO credentials_password (user_id, hash)
     SELECT $1, hash FROM credentials_password LIMIT 1`,
    [person.id],
  );
  await remove();
  await expect(page.getByText("The passkey is deleted.")).toBeVisible();
  await expect(page.getByText("You have no passkey yet.")).toBeVisible();
});

test("what goes wrong at the authenticator is said in plain words, and nothing is lost", async ({
  page,
  signedInAs,
}) => {
  await signedInAs();
  const key = await VirtualAuthenticator.plugInto(page);
  await addPasskey(page, key, "Laptop");
  await nameField(page).fill("Laptop again");
  await key.confirming(async () => {
    await addButton(page).click();
    await expect(page.getByText("has a passkey of your account already")).toBeVisible();
  });
  await expect(nameField(page)).toHaveValue("Laptop again");
  await nameField(page).fill("");
  await addButton(page).click();
  await expect(nameField(page)).toHaveAccessibleDescription(/Enter a name/);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("the pages say that a passkey needs it, and the password works", async ({
    page,
    signedInAs,
  }) => {
    await page.goto("/sign-in");
    await expect(page.getByText("Signing in with a passkey needs JavaScript")).toBeVisible();
    await expect(useButton(page)).toHaveCount(0);
    await expect(signInScreen(page).submit).toBeVisible();
    await signedInAs();
    await page.goto("/account/security");
    await expect(page.getByText("Adding a passkey needs JavaScript")).toBeVisible();
  });
});

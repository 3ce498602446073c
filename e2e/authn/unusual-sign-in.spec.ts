import { expectAccessible } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson } from "../support/people";
import { expectPath, signIn } from "../support/screens";

test("a sign-in from a new browser elsewhere says why it asks for more, and takes a code by mail (F121)", async ({
  page,
  database,
  mailbox,
  newBrowser,
}) => {
  const person = await addPerson(database);
  await signIn(page, person);
  await expectPath(page, "/dashboard");

  const abroad = await newBrowser({ extraHTTPHeaders: { "x-forwarded-for": "203.0.113.77" } });
  const elsewhere = await abroad.newPage();
  await signIn(elsewhere, person, "/invoices");
  await expectPath(elsewhere, "/challenge/email-code");
  await expect(elsewhere.getByText("This browser has not signed you in before.")).toBeVisible();
  await expect(
    elsewhere.getByText("You have not signed in from this network before."),
  ).toBeVisible();
  await expectAccessible(elsewhere);
  await elsewhere.getByRole("button", { name: "Send a code" }).click();
  await expect.poll(async () => (await mailbox.to(person.email)).at(-1)?.kind).toBe("sign-in-code");
  const code = /\b\d{6}\b/.exec((await mailbox.to(person.email)).at(-1)?.text ?? "")?.[0] ?? "";
  await elsewhere.getByLabel("Code", { exact: true }).fill(code);
  await elsewhere.getByRole("button", { name: "Continue", exact: true }).click();
  await expectPath(elsewhere, "/invoices");
});

test("where it is switched off a new browser elsewhere signs in as ever (F121)", async ({
  gatehouse,
  newBrowser,
}) => {
  await gatehouse.database.query(
    `INSERT INTO sign_in_policies (organization_id, risk_checked)
     SELECT default_organization_id, false FROM instance`,
  );
  const person = await addPerson(gatehouse.database);
  for (const address of ["198.51.100.77", "203.0.113.78"]) {
    const browser = await newBrowser({
      baseURL: gatehouse.url,
      extraHTTPHeaders: { "x-forwarded-for": address },
    });
    const page = await browser.newPage();
    await signIn(page, person);
    await expectPath(page, "/dashboard");
  }
});

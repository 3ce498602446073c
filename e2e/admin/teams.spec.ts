import { randomBytes } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessible, expectNoSidewaysScrolling } from "../support/accessibility";
import { expect, test } from "../support/fixtures";
import { addPerson, addRole, openSession } from "../support/people";
import { expectPath } from "../support/screens";

const PHONE = { width: 390, height: 844 };
const aName = (): string => `Crew ${randomBytes(4).toString("hex")}`;

async function createTeam(page: Page, name: string, within?: string): Promise<void> {
  await page.goto("/admin/teams/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  if (within !== undefined) await page.getByLabel("Within").selectOption({ label: within });
  await page.getByRole("button", { name: "Create team" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

test("a role that a team above has opens a page for whoever is in the team, until they are not (F87)", async ({
  page,
  request,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  const role = await addRole(database, ["view_audit_log"]);
  const person = await addPerson(database, { roles: [] });
  const headers = { cookie: `gatehouse_session=${await openSession(database, person.id)}` };
  const mayOpen = async () => (await request.get("/admin/audit", { headers })).status();
  const [above, within] = [aName(), aName()];
  await createTeam(page, above);
  await page.getByLabel("Role", { exact: true }).selectOption({ label: role });
  await page.getByRole("button", { name: "Give role" }).click();
  await expect(page.getByText("Gives view_audit_log.")).toBeVisible();

  await createTeam(page, within, above);
  await expect(page.getByText("From above")).toBeVisible();
  await page.getByLabel("Email address").fill("nobody@example.com");
  await page.getByRole("button", { name: "Put into the team" }).click();
  await expect(page.getByText("Nobody in this organization has this address.")).toBeVisible();
  expect(await mayOpen()).toBe(403);
  await page.getByLabel("Email address").fill(person.email);
  const adding = page.getByRole("form", { name: `Put somebody into ${within}` });
  await adding.getByRole("button", { name: "Preview" }).click();
  await expect(adding.getByText("gains view_audit_log for every record")).toBeVisible();
  expect(await mayOpen()).toBe(403);
  await expect(page.getByLabel("Email address")).toHaveValue(person.email);
  await page.getByRole("button", { name: "Put into the team" }).click();
  await expect(
    page.getByRole("button", { name: `Remove ${person.email} from the team` }),
  ).toBeVisible();
  expect(await mayOpen()).toBe(200);

  await page.goto("/admin/teams");
  const tree = page.getByRole("table");
  await expect(
    tree.getByRole("row", { name: new RegExp(`Within ${above}: ?${within}`) }),
  ).toBeVisible();
  await tree.getByRole("link", { name: above }).click();
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete team" }).click();
  await expect(page.getByText("There are teams within it.")).toBeVisible();
  await page.getByRole("button", { name: "Cancel" }).click();

  await page.getByRole("link", { name: within }).first().click();
  await expect(page.getByRole("heading", { name: within, level: 1 })).toBeVisible();
  await page.getByLabel("Within").selectOption({ label: "No team: at the top" });
  await page.getByRole("button", { name: "Move team" }).click();
  await expect(page.getByText("Being in this team gives nothing.")).toBeVisible();
  expect(await mayOpen()).toBe(403);
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete team" }).click();
  await expectPath(page, "/admin/teams");
});

test("the pages of teams and domains are accessible, and fit a phone", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Admin"] });
  await createTeam(page, aName());
  const team = new URL(page.url()).pathname;
  const domain = `${randomBytes(6).toString("hex")}.example`;
  await page.goto("/admin/domains");
  await page.getByLabel("Domain", { exact: true }).fill("co.uk");
  await page.getByRole("button", { name: "Add domain" }).click();
  await expect(page.getByText("Anybody registers names below it.")).toBeVisible();
  await page.getByLabel("Domain", { exact: true }).fill(domain);
  await page.getByRole("button", { name: "Add domain" }).click();
  await expect(page.getByText(`_gatehouse.${domain}`)).toBeVisible();
  await page.getByRole("button", { name: "Verify" }).click();
  await expect(page.getByText(/^Not verified: /).first()).toBeVisible({ timeout: 20_000 });
  for (const path of ["/admin/teams", "/admin/teams/new", team, "/admin/domains"]) {
    await page.goto(path);
    await expectAccessible(page);
    await page.setViewportSize(PHONE);
    await expectNoSidewaysScrolling(page);
    await page.setViewportSize({ width: 1280, height: 900 });
    await expectNoSidewaysScrolling(page);
  }
  await page.goto("/admin/domains");
  await page.getByRole("button", { name: `Remove ${domain}` }).click();
  await page.getByRole("button", { name: "Remove domain" }).click();
  await expect(page.getByText(`${domain} is removed.`)).toBeVisible();
});

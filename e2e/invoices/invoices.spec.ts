import type { Page } from "@playwright/test";
import { expect, test } from "../support/fixtures";
import { addInvoice } from "../support/invoices";
import { addPerson, addRole } from "../support/people";
import { expectPath } from "../support/screens";
import { newName } from "../support/texts";

const PAGE_SIZE = 25;

const invoiceForm = (page: Page) => ({
  customer: page.getByLabel("Customer", { exact: true }),
  amount: page.getByLabel("Amount", { exact: true }),
  currency: page.getByLabel("Currency", { exact: true }),
  status: page.getByLabel("Status", { exact: true }),
  create: page.getByRole("button", { name: "Create invoice" }),
  save: page.getByRole("button", { name: "Save", exact: true }),
  delete: page.getByRole("button", { name: "Delete", exact: true }),
});
const row = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });
const rows = (page: Page) => page.getByRole("table").locator("tbody").getByRole("row");
const apply = (page: Page) => page.getByRole("button", { name: "Apply" });
const turn = (page: Page, to: "Next" | "Previous") =>
  page.getByRole("link", { name: to, exact: true });

test("whoever has no invoice is told how the first one comes to be", async ({
  page,
  database,
  signedInAs,
}) => {
  await signedInAs({ roles: ["User"] });
  await page.goto("/invoices");
  await expect(page.getByRole("heading", { name: "No invoices yet" })).toBeVisible();
  await expect(page.getByRole("link", { name: "New invoice" })).toHaveCount(0);
  await expect(page.getByRole("search")).toHaveCount(0);

  // The same list, for somebody who may add to it.
  const writer = await addRole(database, ["create_invoice"]);
  await signedInAs({ roles: ["User", writer] });
  await page.reload();
  await page.getByRole("link", { name: "New invoice" }).click();
  await expectPath(page, "/invoices/new");
});

test("an invoice that is refused keeps what was typed, and one that is accepted is shown", async ({
  page,
  signedInAs,
}) => {
  await signedInAs({ roles: ["Manager"] });
  const customer = newName("Harbour");
  await page.goto("/invoices/new");
  const form = invoiceForm(page);
  await form.create.click();
  await expect(form.customer).toHaveAccessibleDescription("Enter the customer's name.");
  await expect(form.customer).toBeFocused();

  await form.customer.fill(customer);
  await form.amount.fill("12.5");
  await form.currency.selectOption("JPY");
  await form.create.click();
  await expect(form.amount).toHaveAccessibleDescription(/JPY has no decimals\./);
  await expect(form.amount).toBeFocused();
  await expect(form.customer).toHaveValue(customer);
  await expect(form.amount).toHaveValue("12.5");
  await expect(form.currency).toHaveValue("JPY");

  await form.amount.fill("1250");
  await form.create.click();
  await expect(page.getByText(/ is created\./)).toBeVisible();
  await expect(page.getByText(`¥1,250 · ${customer}`)).toBeVisible();
  await expect(page.getByRole("main").getByText("Draft").first()).toBeVisible();
});

test("a list is searched, filtered and sorted, and its address says how and no more", async ({
  page,
  database,
  signedInAs,
}) => {
  const { id } = await signedInAs({ roles: ["Manager"] });
  const family = newName("Family");
  await addInvoice(database, id, { customer: `${family} Ada`, amount: 300, status: "paid" });
  await addInvoice(database, id, { customer: `${family} Bob`, amount: 100, status: "sent" });
  await addInvoice(database, id, { customer: `${family} Cem`, amount: 200, status: "paid" });
  await addInvoice(database, id, { customer: newName("Stranger") });

  await page.goto("/invoices");
  await page.getByLabel("Search").fill(family.toUpperCase());
  await apply(page).click();
  const searched = `/invoices?q=${family.toUpperCase().replace(" ", "+")}`;
  await expectPath(page, searched);
  await expect(rows(page)).toHaveText([/Cem/, /Bob/, /Ada/]);

  await page.getByRole("link", { name: "Amount" }).click();
  await expectPath(page, `${searched}&sort=-amount`);
  await expect(rows(page)).toHaveText([/Ada/, /Cem/, /Bob/]);
  await expect(page.getByRole("columnheader", { name: "Amount" })).toHaveAttribute(
    "aria-sort",
    "descending",
  );

  await page.getByLabel("Status").selectOption("paid");
  await apply(page).click();
  await expect(rows(page)).toHaveText([/Ada/, /Cem/]);
  expect(new URL(page.url()).searchParams.getAll("sort")).toEqual(["-amount"]);

  await page.getByRole("link", { name: "Clear", exact: true }).click();
  await expectPath(page, "/invoices?sort=-amount");
  await page.getByLabel("Search").fill(newName("Nobody"));
  await apply(page).click();
  await expect(page.getByRole("heading", { name: "No invoices match" })).toBeVisible();
});

test("pages lead on and back without repeating or skipping an invoice", async ({
  page,
  database,
  signedInAs,
}) => {
  const { id } = await signedInAs({ roles: ["Manager"] });
  const customer = newName("Serial");
  const numbers: string[] = [];
  for (let day = 0; day < PAGE_SIZE * 2 + 1; day += 1) {
    const createdAt = new Date(Date.UTC(2026, 0, 1 + day));
    numbers.unshift((await addInvoice(database, id, { customer, createdAt })).number);
  }
  const shown = () => rows(page).getByRole("rowheader").getByRole("link").allInnerTexts();
  const expectShown = (from: number, to: number) =>
    expect.poll(shown).toEqual(numbers.slice(from, to));

  await page.goto(`/invoices?q=${encodeURIComponent(customer)}`);
  await expectShown(0, PAGE_SIZE);
  await expect(turn(page, "Previous")).toHaveCount(0);
  await turn(page, "Next").click();
  await expectShown(PAGE_SIZE, PAGE_SIZE * 2);
  await turn(page, "Next").click();
  await expectShown(PAGE_SIZE * 2, PAGE_SIZE * 2 + 1);
  await expect(turn(page, "Next")).toHaveCount(0);
  await turn(page, "Previous").click();
  await expectShown(PAGE_SIZE, PAGE_SIZE * 2);
  await turn(page, "Previous").click();
  await expectShown(0, PAGE_SIZE);
});

test("a saved change is what everybody reads from then on", async ({
  page,
  database,
  signedInAs,
}) => {
  const { id } = await signedInAs({ roles: ["Manager"] });
  const invoice = await addInvoice(database, id);
  await page.goto(`/invoices/${invoice.id}`);
  const form = invoiceForm(page);
  await expect(form.amount).toHaveValue("123.45");
  await form.amount.fill("99.90");
  await form.status.selectOption("sent");
  await form.save.click();
  await expect(page.getByText(`${invoice.number} is saved.`)).toBeVisible();
  await expect(page.getByText("€99.90 · Ada & Co")).toBeVisible();
  await form.customer.fill("");
  await form.save.click();
  await expect(form.customer).toHaveAccessibleDescription("Enter the customer's name.");
  await expect(form.amount).toHaveValue("99.90");

  await page.goto(`/invoices?q=${invoice.number}`);
  await expect(row(page, invoice.number)).toContainText("Sent");
  await expect(row(page, invoice.number)).toContainText("€99.90");
});

test("of two who edit one invoice, the later sees both and loses nothing that was typed", async ({
  page,
  context,
  database,
  signedInAs,
}) => {
  const { id } = await signedInAs({ roles: ["Manager"] });
  const invoice = await addInvoice(database, id);
  const other = await context.newPage();
  for (const tab of [page, other]) {
    await tab.goto(`/invoices/${invoice.id}`);
    await expect(invoiceForm(tab).save).toBeVisible();
  }
  await invoiceForm(other).customer.fill("Theirs Ltd");
  await invoiceForm(other).save.click();
  await expect(other.getByText(`${invoice.number} is saved.`)).toBeVisible();

  const form = invoiceForm(page);
  await form.customer.fill("Mine Ltd");
  await form.amount.fill("7.77");
  await form.save.click();
  await expect(page.getByText(/Somebody saved this invoice while you were editing/)).toBeVisible();
  await expect(page.getByText("Theirs, stored now: Theirs Ltd")).toBeVisible();
  await expect(page.getByText("Yours, in this form: Mine Ltd")).toBeVisible();
  await expect(form.customer).toHaveValue("Mine Ltd");
  await expect(form.amount).toHaveValue("7.77");

  await form.save.click();
  await expect(page.getByText(`${invoice.number} is saved.`)).toBeVisible();
  await expect(page.getByText("€7.77 · Mine Ltd")).toBeVisible();
});

test("what somebody else has changed is not deleted unseen", async ({
  page,
  database,
  signedInAs,
}) => {
  const { id } = await signedInAs({ roles: ["Manager"] });
  const invoice = await addInvoice(database, id);
  await page.goto(`/invoices/${invoice.id}`);
  await database.query("UPDATE invoices SET version = version + 1 WHERE id = $1", [invoice.id]);
  await invoiceForm(page).delete.click();
  await expect(page.getByText(/Somebody changed this invoice since you opened it/)).toBeVisible();
  await invoiceForm(page).delete.click();
  await expectPath(page, "/invoices");
});

test("a deleted invoice is gone, and comes back with the message's undo", async ({
  page,
  database,
  signedInAs,
}) => {
  const { id } = await signedInAs({ roles: ["Manager"] });
  const invoice = await addInvoice(database, id);
  await page.goto(`/invoices/${invoice.id}`);
  await invoiceForm(page).delete.click();
  await expectPath(page, "/invoices");
  await expect(page.getByText(`${invoice.number} is deleted.`)).toBeVisible();
  await expect(row(page, invoice.number)).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByText(`${invoice.number} is back.`)).toBeVisible();
  await expect(row(page, invoice.number)).toHaveCount(1);
});

test("of invoices that are not theirs a user learns nothing, not even that they exist (ATK-43)", async ({
  page,
  database,
  signedInAs,
}) => {
  const stranger = await addPerson(database);
  const foreign = await addInvoice(database, stranger.id, { customer: newName("Foreign") });
  const { id } = await signedInAs({ roles: ["User"] });
  const own = await addInvoice(database, id, { customer: newName("Own") });

  await page.goto("/invoices");
  await expect(rows(page)).toHaveText([new RegExp(own.number)]);
  await page.goto(`/invoices?q=${foreign.number}`);
  await expect(page.getByRole("heading", { name: "No invoices match" })).toBeVisible();

  await page.goto(`/invoices/${own.id}`);
  await expect(page.getByRole("heading", { name: own.number })).toBeVisible();
  await expect(invoiceForm(page).save).toHaveCount(0);
  await expect(invoiceForm(page).delete).toHaveCount(0);
  const answer = await page.goto(`/invoices/${foreign.id}`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByText(foreign.customer)).toHaveCount(0);
});

test.describe("without JavaScript", () => {
  test.use({ javaScriptEnabled: false });

  test("an invoice is written, found, changed, deleted and brought back", async ({
    page,
    signedInAs,
  }) => {
    await signedInAs({ roles: ["Manager"] });
    const customer = newName("Plain");
    const form = invoiceForm(page);
    await page.goto("/invoices/new");
    await form.customer.fill(customer);
    await form.amount.fill("1,5");
    await form.create.click();
    await expect(form.amount).toHaveAccessibleDescription(/Write digits/);
    await expect(form.customer).toHaveValue(customer);
    await form.amount.fill("1.5");
    await form.create.click();
    await expect(page.getByText(/ is created\./)).toBeVisible();

    await form.status.selectOption("paid");
    await form.save.click();
    await expect(page.getByText(/ is saved\./)).toBeVisible();
    await page.goto("/invoices");
    await page.getByLabel("Search").fill(customer);
    await page.getByLabel("Status").selectOption("paid");
    await apply(page).click();
    await expect(rows(page)).toHaveText([new RegExp(customer)]);

    await rows(page).getByRole("link").click();
    await form.delete.click();
    await expect(page.getByText(/ is deleted\./)).toBeVisible();
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(page.getByText(/ is back\./)).toBeVisible();
  });

  test("a lost update shows both sides and keeps what was typed", async ({
    page,
    database,
    signedInAs,
  }) => {
    const { id } = await signedInAs({ roles: ["Manager"] });
    const invoice = await addInvoice(database, id);
    await page.goto(`/invoices/${invoice.id}`);
    await database.query(
      "UPDATE invoices SET version = version + 1, customer = 'Theirs Ltd' WHERE id = $1",
      [invoice.id],
    );
    const form = invoiceForm(page);
    await form.customer.fill("Mine Ltd");
    await form.save.click();
    await expect(page.getByText("Theirs, stored now: Theirs Ltd")).toBeVisible();
    await expect(form.customer).toHaveValue("Mine Ltd");
    await form.save.click();
    await expect(page.getByText("€123.45 · Mine Ltd")).toBeVisible();
  });
});

import { afterEach, expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import type { MailSender } from "@/lib/platform/mail/brand-store";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";
import { accentOf } from "@/lib/shared/accent";
import { anInstance } from "@/tests/support/builders";
import { anOrganization, defaultOrganizationId } from "@/tests/support/organizations";

const draft: MailDraft = (t) => ({
  subject: t("confirmEmail.subject"),
  paragraphs: [t("confirmEmail.first")],
});

const newest = (recipient: string) =>
  prisma().outboxMessage.findFirstOrThrow({
    where: { recipient },
    orderBy: { createdAt: "desc" },
  });

async function mailFrom(sender?: MailSender) {
  const recipient = "reader@example.com";
  await inTransaction((tx) => enqueueMail("confirm-email", recipient, draft, tx, { sender }));
  return newest(recipient);
}

async function aBranded(name: string) {
  const organization = await anOrganization();
  await prisma().organizationBranding.create({
    data: { organizationId: organization.id, name, accent: "#7a1f5c" },
  });
  return organization;
}

afterEach(async () => {
  await prisma().organizationBranding.deleteMany();
});

test("a mail has the name and colour of who sends it, by id or by short name (F134)", async () => {
  await anInstance();
  const { id, slug } = await aBranded("Northwind");
  for (const sender of [{ organizationId: id }, { slug }]) {
    const { text, html } = await mailFrom(sender);
    expect(text).toContain("-- \nNorthwind\n");
    expect(html).toContain(accentOf("#7a1f5c").dark.accent);
    expect(html).not.toMatch(/<img|cid:/);
  }
});

test("one without a look, and none at all, have that of the installation (ATK-38)", async () => {
  await anInstance();
  await aBranded("Northwind");
  const { slug, id } = await anOrganization();
  const plain = (await mailFrom()).html;
  expect(plain).not.toContain("Northwind");
  for (const sender of [{ slug }, { slug: "none" }, { organizationId: id }]) {
    expect((await mailFrom(sender)).html).toBe(plain);
  }
  const organizationId = await defaultOrganizationId();
  await prisma().organizationBranding.create({ data: { organizationId, name: "The house" } });
  for (const sender of [undefined, { slug }, { slug: "none" }]) {
    expect((await mailFrom(sender)).text).toContain("-- \nThe house\n");
  }
});

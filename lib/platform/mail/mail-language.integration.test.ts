import { expect, test } from "vitest";
import { prisma } from "@/lib/platform/db/client";
import { inTransaction } from "@/lib/platform/db/transaction";
import { enqueueMail } from "@/lib/platform/mail/enqueue-mail";
import type { MailDraft } from "@/lib/platform/mail/mail-draft";
import { LOCALES, type Locale } from "@/lib/shared/locale";
import { aUser } from "@/tests/support/builders";

const draft: MailDraft = (t) => ({
  subject: t("confirmEmail.subject"),
  paragraphs: [t("confirmEmail.first")],
});

async function mailTo(recipient: string, asked?: Locale) {
  await inTransaction((tx) => enqueueMail("confirm-email", recipient, draft, tx, { asked }));
  return prisma().outboxMessage.findFirstOrThrow({
    where: { recipient },
    orderBy: { createdAt: "desc" },
  });
}

test("a mail is in the language that its reader has set, whatever was asked in", async () => {
  const user = await aUser();
  await prisma().user.update({ where: { id: user.id }, data: { locale: "ar" } });
  const { subject, html, text } = await mailTo(user.email, "de");
  expect(subject).toBe("أكّدوا عنوان بريدكم الإلكتروني");
  expect(html).toMatch(/<html[^>]* lang="ar"/);
  expect(html).toMatch(/<html[^>]* dir="rtl"/);
  expect(text).not.toContain("Confirm");
});

test("to whoever has set none it is in the language of the request, and else in English", async () => {
  const user = await aUser();
  expect((await mailTo(user.email, "de")).subject).toBe("Bestätigen Sie Ihre E-Mail-Adresse");
  expect((await mailTo("stranger@example.com", "fr")).subject).toBe(
    "Confirmez votre adresse e-mail",
  );
  expect((await mailTo("another@example.com")).subject).toBe("Confirm your email address");
});

test("every language has a subject of its own", async () => {
  const subjects = await Promise.all(
    LOCALES.map(async (locale) => (await mailTo(`${locale}@example.com`, locale)).subject),
  );
  expect(new Set(subjects).size).toBe(LOCALES.length);
});

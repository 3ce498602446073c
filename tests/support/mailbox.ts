import { prisma } from "@/lib/platform/db/client";

/** The mails queued for an address, oldest first. */
export const mailsTo = (recipient: string) =>
  prisma().outboxMail.findMany({ where: { recipient }, orderBy: { createdAt: "asc" } });

/** The token in the newest mail to an address. */
export async function tokenMailedTo(recipient: string): Promise<string> {
  const text = (await mailsTo(recipient)).at(-1)?.text ?? "";
  const token = /[?&]token=([A-Za-z0-9_-]+)/.exec(text)?.[1];
  if (token === undefined) throw new Error(`no link was mailed to ${recipient}`);
  return token;
}

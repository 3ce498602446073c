import { prisma } from "@/lib/platform/db/client";

/** The mails queued for an address, oldest first. */
export const mailsTo = (recipient: string) =>
  prisma().outboxMessage.findMany({ where: { recipient }, orderBy: { createdAt: "asc" } });

/** The token in the newest mail to an address. */
export async function tokenMailedTo(recipient: string): Promise<string> {
  const text = (await mailsTo(recipient)).at(-1)?.text ?? "";
  const token = /[?&]token=([A-Za-z0-9_-]+)/.exec(text)?.[1];
  if (token === undefined) throw new Error(`no link was mailed to ${recipient}`);
  return token;
}

/** The code in the newest text message to a number. */
export async function codeTextedTo(number: string): Promise<string> {
  const text = (await mailsTo(number)).at(-1)?.text ?? "";
  const code = /^\d{6}\b/.exec(text)?.[0];
  if (code === undefined) throw new Error(`no code was texted to ${number}`);
  return code;
}

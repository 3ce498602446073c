import "server-only";
import { cookies } from "next/headers";
import { z } from "zod";
import { getConfig } from "@/lib/platform/config";
import { minutes } from "@/lib/shared/duration";

/** Readable by script, which clears it once the message is shown. */
export const FLASH_COOKIE = "gatehouse_flash";

/** A recovery code was given; the label says how many are left. */
export const RECOVERY_CODE_USED = "recovery-code.used";
/** A second factor was added on the way to somewhere else. */
export const SECOND_FACTOR_ADDED = "second-factor.added";

/** Somebody has become a member of an organization. */
export const INVITATION_ACCEPTED = "invitation.accepted";

/** Somebody signed out. */
export const SESSION_ENDED = "session.ended";

// Whoever can write cookies chooses these, so a page turns known events into
// its own words and never shows a text that came this way as a message.
const Flash = z.strictObject({
  event: z.string().max(50),
  id: z.uuid(),
  label: z.string().max(50),
});
export type Flash = z.infer<typeof Flash>;

/** Leaves a message for the page that comes after a redirect. */
export async function leaveFlash(flash: Flash): Promise<void> {
  // Next decodes values once too often on the way through a redirect: no percent sign in them.
  const value = Buffer.from(JSON.stringify(flash)).toString("base64url");
  (await cookies()).set(FLASH_COOKIE, value, {
    httpOnly: false,
    sameSite: "lax",
    secure: getConfig().secureCookies,
    path: "/",
    maxAge: minutes(1),
  });
}

/** What was left for this page; null for nothing and for what we never wrote. */
export async function readFlash(): Promise<Flash | null> {
  const text = (await cookies()).get(FLASH_COOKIE)?.value;
  if (!text) return null;
  try {
    return Flash.parse(JSON.parse(Buffer.from(text, "base64url").toString()));
  } catch {
    return null;
  }
}

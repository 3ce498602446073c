import "server-only";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { getConfig } from "@/lib/platform/config";
import { SealBroken, seal, unseal } from "@/lib/platform/encryption";

const PLACE = "onward.to";

/**
 * Leads the browser from a form to another site. Without script that cannot be
 * a redirect: `form-action` judges it, and providers that are added while the
 * program runs are in no policy. A page of ours goes on from there instead (F7, F124).
 */
export async function leadTo(target: string): Promise<never> {
  const isOwn = URL.parse(target)?.origin === getConfig().origin;
  const isScripted = (await headers()).has("next-action");
  if (isOwn || isScripted) redirect(target);
  const to = Buffer.from(seal(Buffer.from(target), PLACE)).toString("base64url");
  redirect(`/sign-in/onward?to=${to}`);
}

/** Where the page goes on to; null for what we did not write ourselves (ATK-13). */
export function onwardTarget(to: unknown): URL | null {
  if (typeof to !== "string") return null;
  try {
    return URL.parse(unseal(Buffer.from(to, "base64url"), PLACE).toString());
  } catch (error) {
    if (error instanceof SealBroken) return null;
    throw error;
  }
}

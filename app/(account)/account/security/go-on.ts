import "server-only";
import { redirect } from "next/navigation";
import { leaveFlash, SECOND_FACTOR_ADDED } from "@/app/_http/flash";
import { newId } from "@/lib/platform/id";
import { safeReturnTo } from "@/lib/shared/return-to";

/** Back to where somebody was held until they had a second factor; there they read what comes next. */
export async function goOn(returnTo: string): Promise<never> {
  await leaveFlash({ event: SECOND_FACTOR_ADDED, id: newId(), label: "" });
  redirect(safeReturnTo(returnTo));
}

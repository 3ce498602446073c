import "server-only";
import { actorOfPrincipal, recordEvent } from "@/lib/audit/record-event";
import { inTransaction } from "@/lib/platform/db/transaction";
import { clearTrust, listKnown, listTrusted } from "@/lib/sessions/device-store";
import type { Caller } from "@/lib/shared/caller";

/** The caller's devices that are spared the second factor (F21). */
export const listTrustedDevices = ({ principal }: Caller) => listTrusted(principal.userId);

/** The newest devices of any user: whoever calls this has asked who may see them. */
export const listDevicesOf = (userId: string, countMax: number) => listKnown(userId, countMax);

/** Asks for the second factor again on one of the caller's devices, or on all of them. */
export async function distrustOwnDevices(
  { principal, request }: Caller,
  deviceId: string | null,
): Promise<boolean> {
  return inTransaction(async (tx) => {
    const { userId } = principal;
    if (!(await clearTrust(userId, deviceId, tx))) return false;
    await recordEvent(
      {
        action: "device.distrusted",
        outcome: "success",
        actor: actorOfPrincipal(principal),
        target: { type: deviceId === null ? "user" : "device", id: deviceId ?? userId },
      },
      request,
      tx,
    );
    return true;
  });
}

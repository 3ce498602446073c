import "server-only";
import { createHash } from "node:crypto";
import { recordChange } from "@/lib/audit/record-event";
import { authorize } from "@/lib/authz/authorize";
import { inTransaction } from "@/lib/platform/db/transaction";
import { redrawSquare, type Unfit } from "@/lib/platform/images/redraw-picture";
import { type Limit, spend } from "@/lib/platform/rate-limit/limiter";
import type { Caller } from "@/lib/shared/caller";
import { hours } from "@/lib/shared/duration";
import { PICTURE_BYTES_MAX } from "@/lib/shared/picture";
import { USER_PERMISSIONS } from "@/lib/users/permissions";
import {
  deletePictureRow,
  findPictureDigest,
  findPictureRow,
  putPictureRow,
  type StoredPicture,
} from "@/lib/users/picture-store";
import { findMemberRow } from "@/lib/users/user-directory-store";
import { askedUser } from "@/lib/users/user-resource";

/** Sharp on a screen of two pixels a point at twice the size of any place where it is shown. */
const SIDE_PIXELS = 256;
/** Drawing takes a core for a moment. */
const PICTURES_PER_USER: Limit = { name: "picture", pointsMax: 20, windowSeconds: hours(1) };

export type PictureChange =
  | { outcome: "changed" }
  | { outcome: "limited"; retryAfterSeconds: number }
  | { outcome: "rejected"; reason: Unfit | "too-large" };

const hex = (digest: Uint8Array | null): string | null =>
  digest && Buffer.from(digest).toString("hex");

/**
 * Gives the caller the picture of this file, drawn anew, in place of any other. Larger files than
 * {@link PICTURE_BYTES_MAX} are refused before anything of them is read.
 */
export async function changeOwnPicture(caller: Caller, file: Blob): Promise<PictureChange> {
  if (file.size > PICTURE_BYTES_MAX) return { outcome: "rejected", reason: "too-large" };
  const { userId } = caller.principal;
  const budget = await spend(PICTURES_PER_USER, userId);
  if (!budget.allowed) return { outcome: "limited", retryAfterSeconds: budget.retryAfterSeconds };
  const redrawn = await redrawSquare(await file.bytes(), SIDE_PIXELS);
  if (redrawn.outcome !== "redrawn") return { outcome: "rejected", reason: redrawn.outcome };
  const content = redrawn.webp;
  const digest = new Uint8Array(createHash("sha256").update(content).digest());
  await inTransaction(async (tx) => {
    const former = await putPictureRow(userId, { content, digest }, tx);
    await recordChange(
      caller,
      {
        action: "user.updated",
        target: { type: "user", id: userId },
        before: { picture: hex(former) },
        after: { picture: hex(digest) },
      },
      tx,
    );
  });
  return { outcome: "changed" };
}

/** Takes the caller's picture away; false when there was none. */
export async function removeOwnPicture(caller: Caller): Promise<boolean> {
  const { userId } = caller.principal;
  return inTransaction(async (tx) => {
    const former = await deletePictureRow(userId, tx);
    if (former === null) return false;
    await recordChange(
      caller,
      {
        action: "user.updated",
        target: { type: "user", id: userId },
        before: { picture: hex(former) },
        after: { picture: null },
      },
      tx,
    );
    return true;
  });
}

/** The caller's own. */
export const findOwnPicture = ({ principal }: Caller): Promise<StoredPicture | null> =>
  findPictureRow(principal.userId);

/** Of a member of the caller's organization whom the caller may see; null where there is none such. */
export async function findPictureOf(caller: Caller, userId: string): Promise<StoredPicture | null> {
  await authorize(caller, USER_PERMISSIONS.view, await askedUser(caller, userId));
  const member = await findMemberRow(userId, caller.principal.organizationId);
  return member && findPictureRow(member.id);
}

/** Digests of pictures by whose they are. They are addresses: what is there is asked for by itself. */
export async function listPictureDigests(userIds: string[]): Promise<Map<string, string>> {
  const found = await Promise.all(
    userIds.map(async (id) => [id, (await findPictureDigest(id))?.digest] as const),
  );
  return new Map(found.flatMap(([id, digest]) => (digest === undefined ? [] : [[id, digest]])));
}

import "server-only";
import type { Reply } from "@/lib/platform/http/reply";

/** Larger ones do not fit the column and would be an error instead of a mismatch. */
const VERSION = /^(?:"(\d{1,9})"|(\d{1,9}))$/;

/** A resource's version as its strong entity tag (RFC 9110 §8.8.3). */
export const entityTag = (version: number): Reply["headers"] => ({ etag: `"${version}"` });

/**
 * The versions that `If-Match` names; undefined when it is absent or `*`, which
 * any version satisfies. A weak tag or one that is not ours matches nothing
 * (RFC 9110 §13.1.1). A version without quotes is understood as well.
 */
export function versionsOf(ifMatch: string | null): number[] | undefined {
  if (ifMatch === null || ifMatch.trim() === "*") return undefined;
  return ifMatch.split(",").flatMap((tag) => {
    const match = VERSION.exec(tag.trim());
    return match ? [Number(match[1] ?? match[2])] : [];
  });
}

/** The one version that a change is based on; several are none that it could be based on. */
export function expectedVersion(ifMatch: string | null): number | null {
  const versions = versionsOf(ifMatch);
  return versions === undefined ? null : versions.length === 1 ? (versions[0] ?? -1) : -1;
}

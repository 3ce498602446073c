import "server-only";
import { WAITING_REQUESTS } from "@/lib/access-requests/waiting-requests";
import { previewImpact } from "@/lib/authz/impact/preview-impact";
import type { Probe } from "@/lib/authz/impact/probe";
import type { Caller } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** What waits for an answer in features beyond authorization, and can be touched by a change. */
const WAITING = [WAITING_REQUESTS];

/**
 * What a change would do to whom, by the use case that makes it. `userIds` are the people whose own
 * roles, teams or memberships it writes; whom it reaches by roles, teams and policies is found.
 *
 * To preview another change: let its use case take a `Probe` in its terms and hand it to
 * `inGuardedChange` or `inProbedChange`, then call it here as the save calls it.
 */
export const previewChange = <R>(
  caller: Caller,
  run: (probe: Probe) => Promise<R>,
  userIds: string[] = [],
) => previewImpact(caller, { naming: USER_PERMISSIONS.view, userIds, waiting: WAITING }, run);

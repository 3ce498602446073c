import "server-only";
import { WAITING_REQUESTS } from "@/lib/access-requests/waiting-requests";
import { WAITING_REVIEWS } from "@/lib/access-reviews/waiting-reviews";
import {
  type PreviewOptions,
  previewImpact,
  previewImpactAsOperator,
} from "@/lib/authz/impact/preview-impact";
import type { Probe } from "@/lib/authz/impact/probe";
import type { Caller, RequestFacts } from "@/lib/shared/caller";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** What waits for an answer in features beyond authorization, and can be touched by a change. */
const WAITING = [WAITING_REQUESTS];

/** The same of what one person alone is asked. */
const ASKED = [WAITING_REVIEWS];

/** Whose own rows a change writes. */
export type Written = Pick<PreviewOptions, "userIds" | "clientIds" | "newcomer">;

/**
 * What a change would do to whom, by the use case that makes it. `written` names the people whose own
 * roles, teams, memberships or status it writes, and the service accounts; whom it reaches by roles,
 * teams and policies is found.
 *
 * To preview another change: let its use case take a `Probe` in its terms and hand it to
 * `inGuardedChange` or `inProbedChange`, then call it here as the save calls it.
 */
export const previewChange = <R>(
  caller: Caller,
  run: (probe: Probe) => Promise<R>,
  written: Written = {},
) =>
  previewImpact(
    caller,
    { naming: USER_PERMISSIONS.view, waiting: WAITING, asked: ASKED, ...written },
    run,
  );

/** The same for the command line of the machine, which is told of everybody. */
export const previewChangeAsOperator = <R>(
  request: RequestFacts,
  run: (probe: Probe) => Promise<R>,
) =>
  previewImpactAsOperator(
    { kind: "operator", request },
    { naming: USER_PERMISSIONS.view, waiting: WAITING, asked: ASKED },
    run,
  );

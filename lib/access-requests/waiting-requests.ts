import "server-only";
import { listWaitingRows } from "@/lib/access-requests/access-request-store";
import { ACCESS_PERMISSIONS } from "@/lib/access-requests/permissions";
import type { WaitingKind } from "@/lib/authz/impact/waiting";

/** Requests that wait, for the preview of a change that touches them. */
export const WAITING_REQUESTS: WaitingKind = {
  key: "access-requests",
  answeredBy: ACCESS_PERMISSIONS.approve,
  list: listWaitingRows,
};

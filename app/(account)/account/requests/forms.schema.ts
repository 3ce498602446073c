import { z } from "zod";
import {
  AccessReason,
  BreakGlassMinutes,
  DurationMinutes,
} from "@/lib/access-requests/access-request.schema";
import { Id } from "@/lib/shared/id.schema";

const ROLE = z.uuid("Choose a role.");

export const AskForm = z.object({
  roleId: ROLE,
  reason: AccessReason,
  minutes: DurationMinutes,
  /** The refusal that led here; what is none is left out. */
  decision: Id.optional().catch(undefined),
});

export const RequestForm = z.object({ requestId: Id });

export const BreakGlassForm = z.object({
  roleId: ROLE,
  reason: AccessReason,
  minutes: BreakGlassMinutes,
});

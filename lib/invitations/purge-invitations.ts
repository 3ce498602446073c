import "server-only";
import { purgeClosedInvitations } from "@/lib/invitations/invitation-store";

/** Forgets invitations that were over 90 days ago; returns how many. */
export const purgeInvitations = (): Promise<number> => purgeClosedInvitations();

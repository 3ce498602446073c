import "server-only";
import { purgeExpiredArtifacts } from "@/lib/oidc/artifact-store";
import { purgeOldLogouts } from "@/lib/oidc/logout-delivery-store";

const KEEP_LOGOUTS_DAYS = 30;

/** Deletes codes, tokens, grants and messages that are past use; returns how many. */
export const purgeOidc = async (): Promise<number> =>
  (await purgeExpiredArtifacts()) + (await purgeOldLogouts(KEEP_LOGOUTS_DAYS));

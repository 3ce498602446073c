import "server-only";
import { deleteExpiredTokens } from "@/lib/personal-tokens/personal-token-store";

/** Expired tokens stay this long, to show why a program has stopped. */
const KEEP_DAYS = 30;

/** Deletes personal access tokens that expired long ago; returns how many. */
export const purgePersonalTokens = (): Promise<number> => deleteExpiredTokens(KEEP_DAYS);

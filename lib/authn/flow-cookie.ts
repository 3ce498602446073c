import "server-only";
import { clearHostCookie, findHostCookie, setHostCookie } from "@/lib/platform/http/host-cookie";
import { minutes } from "@/lib/shared/duration";

const NAME = "flow";
/** As long as the flow itself. */
const LIFETIME_SECONDS = minutes(15);

/** Ties a sign-in that is under way to this browser. */
export const setFlowCookie = (secret: string): Promise<void> =>
  setHostCookie(NAME, secret, LIFETIME_SECONDS);

export const findFlowCookie = (): Promise<string | undefined> => findHostCookie(NAME);

export const clearFlowCookie = (): Promise<void> => clearHostCookie(NAME);

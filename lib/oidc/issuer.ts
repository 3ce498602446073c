import "server-only";
import { getConfig } from "@/lib/platform/config";

/** The contract: everything else is found through its metadata. */
export const issuer = (): string => `${getConfig().origin}/oidc`;

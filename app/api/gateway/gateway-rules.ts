import "server-only";
import { PERMISSIONS } from "@/app/permissions";
import type { RuleBook } from "@/lib/gateway/choose-rule";
import { readRules } from "@/lib/gateway/read-rules";
import { processSingleton } from "@/lib/platform/process-singleton";

/**
 * The rules of the gateway, read once in a process: a changed file counts from the next start on.
 * Throws `ConfigurationError`; the server asks for them before it serves.
 */
export const gatewayRules = (): RuleBook =>
  processSingleton("gateway-rules", () => readRules(PERMISSIONS.map(({ key }) => key)));

import "server-only";
import "#node-only";
import { readFileSync } from "node:fs";
import { findClashes, orderRules, type RuleBook } from "@/lib/gateway/choose-rule";
import { GatewayRules } from "@/lib/gateway/gateway-rule.schema";
import { ConfigurationError, getConfig } from "@/lib/platform/config";

const problem = (text: string) => `  GATEWAY_RULES_FILE: ${text}`;

/**
 * The rules of a file's text, in the order in which they are asked. Throws one
 * {@link ConfigurationError} with everything that is wrong with them.
 */
export function parseRules(text: string, permissionKeys: readonly string[]): RuleBook {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigurationError([problem("is no JSON")]);
  }
  const parsed = GatewayRules.safeParse(value);
  if (!parsed.success) {
    throw new ConfigurationError(
      parsed.error.issues.map(({ path, message }) => problem(`${path.join(".")}: ${message}`)),
    );
  }
  const { rules } = parsed.data;
  const { origin } = getConfig();
  const problems = [
    ...findClashes(rules),
    ...rules.flatMap(({ name, access }) =>
      typeof access === "object" && !permissionKeys.includes(access.permission)
        ? [`${name}: there is no permission ${access.permission}`]
        : [],
    ),
    // Or an assertion for a service could be taken for a token of ours.
    ...rules.flatMap(({ name, audience }) =>
      audience === origin || audience.startsWith(`${origin}/`)
        ? [`${name}: the audience must be the service's, not Gatehouse's`]
        : [],
    ),
  ];
  if (problems.length > 0) throw new ConfigurationError(problems.map(problem));
  return orderRules(rules);
}

/** The rules of the configured file; none without one. Throws {@link ConfigurationError}. */
export function readRules(permissionKeys: readonly string[]): RuleBook {
  const { rulesFile } = getConfig().gateway;
  if (rulesFile === null) return new Map();
  let text: string;
  try {
    text = readFileSync(rulesFile, "utf8");
  } catch {
    throw new ConfigurationError([problem("cannot be read. Example: gateway-rules.json")]);
  }
  return parseRules(text, permissionKeys);
}

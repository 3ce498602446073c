import { GITHUB_BASE_URL, GOOGLE_ISSUER } from "@/lib/shared/provider-defaults";

/**
 * The origins of the identity providers that are configured. Read from the
 * environment because configuration is parsed by code that the edge cannot
 * run; what does not parse here has already stopped the boot.
 */
export function configuredProviderOrigins(env: Record<string, string | undefined>): string[] {
  const urls = [
    env["AUTH_GOOGLE_ID"] && (env["AUTH_GOOGLE_ISSUER"] || GOOGLE_ISSUER),
    env["AUTH_GITHUB_ID"] && (env["AUTH_GITHUB_BASE_URL"] || GITHUB_BASE_URL),
  ];
  const origins = urls.flatMap((url) => (url && URL.canParse(url) ? [new URL(url).origin] : []));
  return [...new Set(origins)];
}

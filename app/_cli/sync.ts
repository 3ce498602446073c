import "server-only";
import type { Command } from "@/app/_cli/commands";
import { CLI_REQUEST } from "@/app/_cli/request";
import { PERMISSIONS } from "@/app/permissions";
import { createFirstAdministrator, issueSetupToken } from "@/lib/authn/first-administrator";
import { syncPermissions } from "@/lib/authz/sync-permissions";
import { NewPassword } from "@/lib/credentials/password/password.schema";
import { getConfig } from "@/lib/platform/config";
import { Email } from "@/lib/shared/email.schema";

async function configuredAdministrator(): Promise<string | null> {
  const { firstAdministrator } = getConfig();
  if (firstAdministrator === null) return null;
  const email = Email.safeParse(firstAdministrator.email);
  const password = NewPassword.safeParse(firstAdministrator.password);
  if (!email.success) return "GATEHOUSE_ADMIN_EMAIL is no email address.";
  if (!password.success) return "GATEHOUSE_ADMIN_PASSWORD needs 8 to 256 characters.";
  const result = await createFirstAdministrator(
    { email: email.data, name: null, password: password.data },
    null,
    CLI_REQUEST,
  );
  if (result.outcome === "created") return `First administrator created: ${email.data}`;
  // There has been an administrator before: the variables are for an empty database only.
  if (result.reason === "link-invalid") return null;
  return result.reason === "address-taken"
    ? "GATEHOUSE_ADMIN_EMAIL belongs to an existing user."
    : "GATEHOUSE_ADMIN_PASSWORD is too easy to guess. Choose another.";
}

export const syncCommand: Command = {
  words: ["sync"],
  usage: "sync",
  summary: "Bring permissions and default roles up to date; print the first administrator's link.",
  positionals: 0,
  run: async () => {
    const { created } = await syncPermissions(PERMISSIONS);
    const administrator = await configuredAdministrator();
    const token = await issueSetupToken();
    const setupUrl = token && new URL(`/setup?token=${token}`, getConfig().appUrl).href;
    const lines = [
      ...(created.length > 0 ? [`Permissions added: ${created.join(", ")}`] : []),
      ...(administrator === null ? [] : [administrator]),
      ...(setupUrl === null ? [] : [`First administrator: ${setupUrl}`]),
    ];
    const text = lines.length > 0 ? lines.join("\n") : "Permissions are up to date.";
    return { outcome: "done", text, created, setupUrl };
  },
};

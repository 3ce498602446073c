import "server-only";
import type { Command } from "@/app/_cli/commands";
import { done, refused } from "@/app/_cli/result";
import { checkInstallation } from "@/app/_health/check-installation";
import { getConfig } from "@/lib/platform/config";

export const doctorCommand: Command = {
  words: ["doctor"],
  usage: "doctor",
  summary: "Check configuration, database, migrations, clock and mail; say what to mend.",
  positionals: 0,
  run: async () => {
    getConfig();
    const checks = await checkInstallation();
    const text = checks
      .map(
        ({ name, problem }) =>
          `${problem === null ? "✓" : "✗"} ${name}${problem ? `: ${problem}` : ""}`,
      )
      .join("\n");
    const healthy = checks.every(({ problem }) => problem === null);
    return healthy ? done(text, { checks }) : { ...refused(text, "unhealthy"), checks };
  },
};

import "server-only";
import { authorize } from "@/lib/authz/authorize";
import { processEnvironment } from "@/lib/platform/config";
import { listVariables, type Variable } from "@/lib/platform/list-variables";
import { DISCLOSURE, type Disclosure } from "@/lib/settings/disclosure";
import { SETTINGS_PERMISSIONS } from "@/lib/settings/permissions";
import type { Caller } from "@/lib/shared/caller";

export interface Setting extends Omit<Variable, "given" | "fallback"> {
  /** What holds now, as far as it is told; `null` is nothing, and `secret` says no more than that. */
  value: { kind: "text"; text: string } | { kind: "secret" } | null;
}

/** Every variable of the configuration with what holds and where it comes from; no secret of any. */
export async function describeSettings(caller: Caller): Promise<Setting[]> {
  await authorize(caller, SETTINGS_PERMISSIONS.view);
  return listVariables(processEnvironment()).map(settingOf);
}

export function settingOf({ given, fallback, ...variable }: Variable): Setting {
  const holds = given ?? fallback;
  return { ...variable, value: holds === null ? null : told(holds, DISCLOSURE[variable.name]) };
}

function told(text: string, disclosure: Disclosure): Setting["value"] {
  if (disclosure === "open") return { kind: "text", text };
  const url = disclosure === "secret" ? null : URL.parse(text);
  if (url === null || url.host === "") return { kind: "secret" };
  // One whose password is not encoded ends in the middle of it, and has the rest for a path.
  if (`${url.pathname}${url.search}${url.hash}`.includes("@")) return { kind: "secret" };
  const path = disclosure === "address" ? url.pathname : "";
  return { kind: "text", text: `${url.protocol}//${url.host}${path}` };
}

import { expect } from "vitest";
import { previewChange } from "@/app/_impact/preview-change";
import type { Impact } from "@/lib/authz/impact/impact";
import type { Probe } from "@/lib/authz/impact/probe";
import { prisma } from "@/lib/platform/db/client";
import type { Caller } from "@/lib/shared/caller";

/** What a change would do, as its form and its API call ask for it; nothing of it is left behind. */
export async function impactOf(
  caller: Caller,
  run: (probe: Probe) => Promise<unknown>,
  userIds: string[] = [],
): Promise<Impact> {
  const before = await stateOfEverything();
  const result = await previewChange(caller, run, { userIds });
  expect(await stateOfEverything()).toBe(before);
  if (typeof result !== "object" || result === null || !("impact" in result)) {
    throw new Error(`no preview: ${JSON.stringify(result)}`);
  }
  return (result as { impact: Impact }).impact;
}

/** Who gains and who loses what, by their ids. */
export const toldBy = ({ named }: Impact): Record<string, string[]> =>
  Object.fromEntries(
    named.map(({ id, lines }) => [
      id,
      lines.map(({ difference, permissionKey }) => `${difference} ${permissionKey}`),
    ]),
  );

/** Everything that a change of who may do what could leave behind. */
export async function stateOfEverything(): Promise<string> {
  const [row] = await prisma().$queryRaw<[{ state: string }]>`
    SELECT md5(concat_ws('|',
      (SELECT string_agg(to_jsonb(i)::text, '' ORDER BY id) FROM instance i),
      (SELECT string_agg(to_jsonb(p)::text, '' ORDER BY id) FROM policies p),
      (SELECT string_agg(to_jsonb(t)::text, '' ORDER BY id) FROM teams t),
      (SELECT string_agg(to_jsonb(t)::text, '' ORDER BY team_id, user_id) FROM team_memberships t),
      (SELECT string_agg(to_jsonb(t)::text, '' ORDER BY team_id, role_id) FROM team_roles t),
      (SELECT string_agg(to_jsonb(m)::text, '' ORDER BY user_id, organization_id) FROM memberships m),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY id) FROM user_roles r),
      (SELECT string_agg(to_jsonb(a)::text, '' ORDER BY id) FROM access_requests a),
      (SELECT string_agg(to_jsonb(s)::text, '' ORDER BY id) FROM sessions s),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY id) FROM roles r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY role_id, permission_id) FROM role_permissions r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY role_id, inherited_role_id) FROM role_inheritance r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY role_id, given_role_id) FROM role_closure r),
      (SELECT string_agg(to_jsonb(r)::text, '' ORDER BY client_id, role_id) FROM service_account_roles r),
      (SELECT string_agg(to_jsonb(i)::text, '' ORDER BY id) FROM invitations i),
      (SELECT string_agg(id || email || status::text || grants_version::text, '' ORDER BY id) FROM users),
      (SELECT count(*) FROM audit_events), (SELECT count(*) FROM outbox),
      (SELECT count(*) FROM decision_traces))) AS state`;
  return row.state;
}

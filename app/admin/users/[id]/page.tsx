import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { userAccessPath } from "@/app/admin/access/address";
import { FactorsSection } from "@/app/admin/users/[id]/factors-section";
import { ProfileSection } from "@/app/admin/users/[id]/profile-section";
import { RecentEvents } from "@/app/admin/users/[id]/recent-events";
import { RolesSection } from "@/app/admin/users/[id]/roles-section";
import { SessionsSection } from "@/app/admin/users/[id]/sessions-section";
import { TokensSection } from "@/app/admin/users/[id]/tokens-section";
import { UserActions } from "@/app/admin/users/[id]/user-actions";
import { USERS_PATH, userPath } from "@/app/admin/users/address";
import { UserFlash } from "@/app/admin/users/user-flash";
import { UserStatusBadge } from "@/components/admin/user-status";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Callout } from "@/components/ui/callout";
import { PageHeader } from "@/components/ui/page-header";
import { TextLink } from "@/components/ui/text-link";
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { findUser, type UserDetail } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

export const metadata: Metadata = { title: "User" };

export default async function UserPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(userPath(id), USER_PERMISSIONS.view);
  const user = await answerDenials(() => findUser(caller, id));
  if (user === null) notFound();

  const { principal } = caller;
  const [mayManage, mayAssign, mayRevoke, mayReset, mayAudit, mayExplain] = await Promise.all([
    can(caller, USER_PERMISSIONS.manage, { id }),
    can(caller, USER_PERMISSIONS.assignRoles, { id }),
    can(caller, USER_PERMISSIONS.revokeSessions, { id }),
    can(caller, USER_PERMISSIONS.resetFactors, { id }),
    can(caller, AUDIT_PERMISSIONS.view),
    can(caller, DECISION_PERMISSIONS.view),
  ]);
  const isBelow = user.beyond.length === 0;
  const label = user.name ?? user.email;
  return (
    <div className="max-w-3xl">
      <UserFlash />
      <PageHeader
        above={<Breadcrumb items={[{ label: "Users", href: USERS_PATH }, { label }]} />}
        title={label}
        aside={<UserStatusBadge status={user.status} />}
        description={user.name === null ? undefined : user.email}
        actions={mayManage && isBelow && <UserActions user={user} />}
      />
      <div className="space-y-6">
        {(mayManage || mayAssign || mayRevoke) && !isBelow && <Above user={user} />}
        {id === principal.userId && (mayManage || mayAssign) && (
          <Callout tone="info" title="This is you">
            <p>
              What you take away here you take from yourself. You are asked before that happens.
            </p>
          </Callout>
        )}
        <ProfileSection user={user} editable={mayManage && isBelow} />
        <RolesSection caller={caller} user={user} editable={mayAssign && isBelow} />
        {mayExplain && (
          <p className="text-sm">
            <TextLink href={userAccessPath(id)}>Everything that they may do, and why</TextLink>
          </p>
        )}
        {mayReset && <FactorsSection user={user} editable={isBelow && id !== principal.userId} />}
        {/* Nothing is streamed in: what comes later needs script to be put in its place. */}
        {mayRevoke && <SessionsSection caller={caller} user={user} editable={isBelow} />}
        {mayRevoke && <TokensSection caller={caller} user={user} editable={isBelow} />}
        {mayAudit && <RecentEvents caller={caller} userId={id} />}
      </div>
    </div>
  );
}

const Above = ({ user }: { user: UserDetail }) => (
  <Callout tone="info" title="You cannot change this user">
    <p className="[overflow-wrap:anywhere]">
      They hold more than you do: {user.beyond.join(", ")}. Somebody who holds all of that can
      change them.
    </p>
  </Callout>
);

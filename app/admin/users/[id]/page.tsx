import { notFound } from "next/navigation";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
import { AppsSection } from "@/app/admin/users/[id]/apps-section";
import { DeletionCallout } from "@/app/admin/users/[id]/deletion-callout";
import { DevicesSection } from "@/app/admin/users/[id]/devices-section";
import { FactorsSection } from "@/app/admin/users/[id]/factors-section";
import { IdentitiesSection } from "@/app/admin/users/[id]/identities-section";
import { ImpersonationSection } from "@/app/admin/users/[id]/impersonation-section";
import { OrganizationsSection } from "@/app/admin/users/[id]/organizations-section";
import { PageContents } from "@/app/admin/users/[id]/page-contents";
import { ProfileSection } from "@/app/admin/users/[id]/profile-section";
import { RecentEvents } from "@/app/admin/users/[id]/recent-events";
import { RolePathsSection } from "@/app/admin/users/[id]/role-paths-section";
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
import { AUDIT_PERMISSIONS } from "@/lib/audit/permissions";
import { can } from "@/lib/authz/decide";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { IMPERSONATION_PERMISSIONS } from "@/lib/impersonation/permissions";
import { ORGANIZATION_PERMISSIONS } from "@/lib/organizations/permissions";
import type { Permission } from "@/lib/shared/permission";
import { findUser, type UserDetail } from "@/lib/users/list-users";
import { USER_PERMISSIONS } from "@/lib/users/permissions";

/** The parts of the page, in their order. */
const PARTS = [
  "profile",
  "factors",
  "identities",
  "devices",
  "sessions",
  "roles",
  "paths",
  "organizations",
  "apps",
  "tokens",
  "events",
  "impersonation",
] as const;
type PartId = (typeof PARTS)[number];

export const generateMetadata = titled("admin-users");

export default async function UserPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const caller = await requirePermission(userPath(id), USER_PERMISSIONS.view);
  const user = await answerDenials(() => findUser(caller, id));
  if (user === null) notFound();

  const { principal } = caller;
  const record = { id, email: user.email, status: user.status };
  const [mayManage, mayAssign, mayRevoke, mayReset, mayImpersonate] = await Promise.all([
    can(caller, USER_PERMISSIONS.manage, record),
    can(caller, USER_PERMISSIONS.assignRoles, record),
    can(caller, USER_PERMISSIONS.revokeSessions, record),
    can(caller, USER_PERMISSIONS.resetFactors, record),
    can(caller, IMPERSONATION_PERMISSIONS.impersonate, record),
  ]);
  const [mayAudit, mayExplain, maySeeOrganizations] = await Promise.all([
    can(caller, AUDIT_PERMISSIONS.view),
    can(caller, DECISION_PERMISSIONS.view),
    can(caller, ORGANIZATION_PERMISSIONS.view),
  ]);
  const isBelow = user.beyond.length === 0;
  const isOwn = ({ key }: Permission) => isBelow && !user.beyondAccount.includes(key);
  const governs = mayManage && isOwn(USER_PERMISSIONS.manage);
  const label = user.name ?? user.email;
  const shown: Record<PartId, boolean> = {
    profile: true,
    factors: mayReset,
    identities: mayReset,
    devices: mayRevoke,
    sessions: mayRevoke,
    roles: true,
    paths: true,
    organizations: maySeeOrganizations,
    apps: mayRevoke,
    tokens: mayRevoke,
    events: mayAudit,
    impersonation: mayImpersonate && isBelow && user.status === "active" && id !== principal.userId,
  };
  const t = await getTranslations("admin-users");
  return (
    <div className="max-w-3xl">
      <UserFlash />
      <PageHeader
        above={<Breadcrumb items={[{ label: t("list.title"), href: USERS_PATH }, { label }]} />}
        title={label}
        aside={<UserStatusBadge status={user.status} />}
        description={user.name === null ? undefined : user.email}
        actions={governs && <UserActions user={user} />}
      />
      <div className="space-y-6">
        {(mayManage || mayAssign || mayRevoke) && !isBelow && <Above user={user} />}
        {mayManage && isBelow && !governs && <Shared />}
        {id === principal.userId && (mayManage || mayAssign) && (
          <Callout tone="info" title={t("you.title")}>
            <p>{t("you.text")}</p>
          </Callout>
        )}
        <DeletionCallout caller={caller} user={user} editable={governs} />
        <PageContents
          parts={PARTS.filter((part) => shown[part]).map((part) => ({
            id: part,
            label: t(`parts.${part}`),
          }))}
        />
        <ProfileSection id="profile" user={user} editable={governs} />
        {/* Nothing is streamed in: what comes later needs script to be put in its place. */}
        {shown.factors && (
          <FactorsSection
            id="factors"
            user={user}
            editable={isOwn(USER_PERMISSIONS.resetFactors) && id !== principal.userId}
          />
        )}
        {shown.identities && <IdentitiesSection id="identities" userId={id} />}
        {shown.devices && <DevicesSection id="devices" userId={id} />}
        {shown.sessions && (
          <SessionsSection id="sessions" caller={caller} user={user} editable={isBelow} />
        )}
        <RolesSection id="roles" caller={caller} user={user} editable={mayAssign && isBelow} />
        <RolePathsSection id="paths" caller={caller} userId={id} explains={mayExplain} />
        {shown.organizations && (
          <OrganizationsSection id="organizations" caller={caller} userId={id} />
        )}
        {shown.apps && (
          <AppsSection
            id="apps"
            caller={caller}
            user={user}
            editable={isOwn(USER_PERMISSIONS.revokeSessions)}
          />
        )}
        {shown.tokens && (
          <TokensSection id="tokens" caller={caller} user={user} editable={isBelow} />
        )}
        {shown.events && <RecentEvents id="events" caller={caller} userId={id} />}
        {shown.impersonation && <ImpersonationSection id="impersonation" user={user} />}
      </div>
    </div>
  );
}

function Above({ user }: { user: UserDetail }) {
  const t = useTranslations("admin-users.above");
  return (
    <Callout tone="info" title={t("title")}>
      <p className="[overflow-wrap:anywhere]">
        {t("text", { permissions: user.beyond.join(", ") })}
      </p>
    </Callout>
  );
}

function Shared() {
  const t = useTranslations("admin-users.shared");
  return (
    <Callout tone="info" title={t("title")}>
      <p>{t("text")}</p>
    </Callout>
  );
}

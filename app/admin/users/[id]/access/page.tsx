import { notFound, redirect } from "next/navigation";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";

import { userAccessPath } from "@/app/admin/access/address";
import { AccessListing } from "@/app/admin/access/listing.schema";
import { AccessList } from "@/app/admin/users/[id]/access/access-list";
import { RecordsSection, recordsHref } from "@/app/admin/users/[id]/access/records-section";
import { USERS_PATH, userPath } from "@/app/admin/users/address";
import { CATALOGUE } from "@/app/resources";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { buttonClass } from "@/components/ui/button-class";
import { Callout } from "@/components/ui/callout";
import { PageHeader } from "@/components/ui/page-header";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { listAccess } from "@/lib/decisions/list-access";
import { findUser } from "@/lib/users/list-users";

export const generateMetadata = titled("admin-users.access");

interface Address {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function UserAccessPage({ params, searchParams }: Address) {
  const { id } = await params;
  const { listing, cursor } = parseListingAddress(AccessListing, await searchParams);
  const path = recordsHref(id, listing.permission, cursor);
  const caller = await requirePermission(path, DECISION_PERMISSIONS.view);
  const user = await answerDenials(() => findUser(caller, id));
  if (user === null) notFound();
  const report = await answerDenials(() => listAccess(caller, { type: "user", id }, CATALOGUE));
  if (report.outcome === "rejected" && report.reason === "unknown-subject") notFound();
  const t = await getTranslations("admin-users");
  const label = user.name ?? user.email;
  const access = report.outcome === "reported" ? report.access : [];
  const shown = access.find(({ permission }) => permission === listing.permission);
  if (listing.permission !== undefined && shown === undefined) redirect(userAccessPath(id));
  return (
    <div className="max-w-3xl">
      <PageHeader
        above={
          <Breadcrumb
            items={[
              { label: t("list.title"), href: USERS_PATH },
              { label, href: userPath(id) },
              { label: t("access.label") },
            ]}
          />
        }
        title={t("access.heading", { name: label })}
        description={t("access.description")}
        actions={
          <a
            href={`/api/v1/users/${encodeURIComponent(id)}/access.csv`}
            className={buttonClass("secondary")}
            download
          >
            {t("access.export")}
          </a>
        }
      />
      <div className="space-y-6">
        {report.outcome === "rejected" && (
          <Callout tone="info" title={t("access.nothing")}>
            <p>{t("access.nothingText")}</p>
          </Callout>
        )}
        {shown !== undefined && (
          <RecordsSection
            caller={caller}
            userId={id}
            permission={shown.permission}
            cursor={cursor}
          />
        )}
        {report.outcome === "reported" && <AccessList userId={id} access={access} />}
      </div>
    </div>
  );
}

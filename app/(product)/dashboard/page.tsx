import { Check } from "lucide-react";
import { Suspense } from "react";
import { requireCaller } from "@/app/_http/page";
import { getPermissionWords } from "@/app/_locale/permission-words";
import { getTranslations, titled } from "@/app/_locale/translations";
import { InvoiceOverview } from "@/app/(product)/dashboard/invoice-overview";
import { PERMISSIONS } from "@/app/permissions";
import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { TextLink } from "@/components/ui/text-link";
import { can } from "@/lib/authz/decide";
import { listHeldPermissions, listRoleNames } from "@/lib/authz/list-held-permissions";
import { INVOICE_PERMISSIONS } from "@/lib/invoices/permissions";
import type { Caller } from "@/lib/shared/caller";

export const generateMetadata = titled("product.dashboard");

export default async function DashboardPage() {
  const caller = await requireCaller("/dashboard", { impersonated: true });
  const { principal } = caller;
  const t = await getTranslations("product.dashboard");
  const seesInvoices = await can(caller, INVOICE_PERMISSIONS.view);
  return (
    <>
      <PageHeader
        title={t("hello", { name: principal.name ?? principal.email })}
        description={t("signedInTo", { organization: principal.organizationName })}
      />
      <div className="space-y-6">
        {seesInvoices && (
          <Suspense fallback={<Skeleton className="h-80" />}>
            <InvoiceOverview caller={caller} />
          </Suspense>
        )}
        <Permissions caller={caller} />
      </div>
    </>
  );
}

async function Permissions({ caller }: { caller: Caller }) {
  const t = await getTranslations("product.dashboard");
  const [held, roles] = await Promise.all([listHeldPermissions(caller), listRoleNames(caller)]);
  if (held.length === 0) {
    return (
      <Callout title={t("nothing")}>
        <p>{t("nothingText", { organization: caller.principal.organizationName })}</p>
      </Callout>
    );
  }
  const permissionWords = await getPermissionWords();
  const reaches = new Map(held.map(({ key, reach }) => [key, reach]));
  return (
    <Section
      title={t("mayDo")}
      description={t("mayDoText")}
      footer={
        <>
          <span className="flex flex-wrap items-center gap-1.5">
            {t("roles", { count: roles.length })}
            {roles.map((role) => (
              <Badge key={role}>{role}</Badge>
            ))}
          </span>
          <TextLink href="/account/profile">{t("account")}</TextLink>
        </>
      }
    >
      <ul className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
        {PERMISSIONS.filter(({ key }) => reaches.has(key)).map((permission) => {
          const reach = reaches.get(permission.key) ?? "all";
          return (
            <li key={permission.key} className="flex items-start gap-2.5">
              <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-accent" />
              <span>
                {permissionWords(permission)}{" "}
                {reach !== "all" && <Badge>{t(`reach.${reach}`)}</Badge>}
              </span>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

import { Check } from "lucide-react";
import type { Metadata } from "next";
import { Suspense } from "react";
import { requireCaller } from "@/app/_http/page";
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

export const metadata: Metadata = { title: "Dashboard" };

export default async function DashboardPage() {
  const caller = await requireCaller("/dashboard");
  const { principal } = caller;
  const seesInvoices = await can(caller, INVOICE_PERMISSIONS.view);
  return (
    <>
      <PageHeader
        title={`Hello, ${principal.name ?? principal.email}`}
        description={`You are signed in to ${principal.organizationName}.`}
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

const REACH_WORDS = { all: null, own: "own only", some: "on conditions" } as const;

async function Permissions({ caller }: { caller: Caller }) {
  const [held, roles] = await Promise.all([listHeldPermissions(caller), listRoleNames(caller)]);
  if (held.length === 0) {
    return (
      <Callout title="You may do nothing here yet">
        <p>
          None of your roles gives a permission. An administrator of{" "}
          {caller.principal.organizationName} can change that, and it counts from your next click.
        </p>
      </Callout>
    );
  }
  const reaches = new Map(held.map(({ key, reach }) => [key, reach]));
  return (
    <Section
      title="What you may do"
      description="Read from the database for this very page. A change of your roles counts from your next click."
      footer={
        <>
          <span className="flex flex-wrap items-center gap-1.5">
            {roles.length === 1 ? "Your role" : "Your roles"}
            {roles.map((role) => (
              <Badge key={role}>{role}</Badge>
            ))}
          </span>
          <TextLink href="/account/profile">Your account</TextLink>
        </>
      }
    >
      <ul className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-2">
        {PERMISSIONS.filter(({ key }) => reaches.has(key)).map(({ key, description }) => (
          <li key={key} className="flex items-start gap-2.5">
            <Check aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-accent" />
            <span>
              {description}{" "}
              {REACH_WORDS[reaches.get(key) ?? "all"] && (
                <Badge>{REACH_WORDS[reaches.get(key) ?? "all"]}</Badge>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

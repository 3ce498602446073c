import type { Metadata } from "next";
import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { circumstancesIn, SimulateListing, simulateHref } from "@/app/admin/simulate/address";
import { SimulateForm } from "@/app/admin/simulate/simulate-form";
import { SimulationResult } from "@/app/admin/simulate/simulation-result";
import { CATALOGUE } from "@/app/resources";
import { Callout } from "@/components/ui/callout";
import { PageHeader } from "@/components/ui/page-header";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { simulate } from "@/lib/decisions/simulate";

export const metadata: Metadata = { title: "Try out" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function SimulatePage({ searchParams }: Search) {
  const { listing, problems } = parseListingAddress(SimulateListing, await searchParams);
  const caller = await requirePermission(simulateHref(listing), DECISION_PERMISSIONS.view);
  const { subject: id, permission, record, type = "user" } = listing;
  const result =
    id === undefined || permission === undefined || problems.length > 0
      ? null
      : await answerDenials(() =>
          simulate(
            caller,
            {
              subject: { type, id },
              permission,
              record: record ?? null,
              circumstances: circumstancesIn(listing),
            },
            CATALOGUE,
          ),
        );
  return (
    <div className="max-w-3xl">
      <PageHeader
        title="Try out"
        description="What somebody would be answered, and why. Nothing is done, and nothing is recorded."
      />
      <div className="space-y-6">
        <SimulateForm listing={listing} permissions={CATALOGUE.permissions} />
        {problems.map(({ name, message }) => (
          <Callout key={name} tone="danger" role="alert" title="This does not fit">
            <p>{message}</p>
          </Callout>
        ))}
        {result !== null && <SimulationResult result={result} />}
      </div>
    </div>
  );
}

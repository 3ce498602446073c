import { parseListingAddress } from "@/app/_http/listing-address";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { validationWords } from "@/app/_locale/validation-words";
import { circumstancesIn, simulateHref } from "@/app/admin/simulate/address";
import { SimulateListing } from "@/app/admin/simulate/listing.schema";
import { SimulateForm } from "@/app/admin/simulate/simulate-form";
import { SimulationResult } from "@/app/admin/simulate/simulation-result";
import { CATALOGUE } from "@/app/resources";
import { Callout } from "@/components/ui/callout";
import { PageHeader } from "@/components/ui/page-header";
import { DECISION_PERMISSIONS } from "@/lib/authz/permissions";
import { simulate } from "@/lib/decisions/simulate";

export const generateMetadata = titled("admin-simulate");

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
  const t = await getTranslations("admin-simulate");
  const misfits = await Promise.all(
    problems.map(async ({ name, message }) => ({ name, message: await validationWords(message) })),
  );
  return (
    <div className="max-w-3xl">
      <PageHeader title={t("title")} description={t("description")} />
      <div className="space-y-6">
        <SimulateForm listing={listing} permissions={CATALOGUE.permissions} />
        {misfits.map(({ name, message }) => (
          <Callout key={name} tone="danger" role="alert" title={t("doesNotFit")}>
            <p>{message}</p>
          </Callout>
        ))}
        {result !== null && <SimulationResult result={result} />}
      </div>
    </div>
  );
}

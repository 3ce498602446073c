import { Plus } from "lucide-react";
import { redirect } from "next/navigation";
import { z } from "zod";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { conditionNames } from "@/app/admin/condition-catalogue";
import { LIST_PATH, listHref, policyPath } from "@/app/admin/policies/address";
import { PolicyFlash } from "@/app/admin/policies/policy-flash";
import { getPolicyTranslator, versionInWords } from "@/app/admin/policies/policy-words";
import { StageBadges } from "@/app/admin/policies/stage-badges";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Item, ItemList } from "@/components/ui/item-list";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { can } from "@/lib/authz/decide";
import { listPolicies } from "@/lib/policies/list-policies";
import { POLICY_PERMISSIONS } from "@/lib/policies/permissions";

export const generateMetadata = titled("admin-policies");

const PAGE_SIZE = 25;
const Cursor = z.string().optional().catch(undefined);

export default async function PoliciesPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const cursor = Cursor.parse((await searchParams).cursor);
  const caller = await requirePermission(LIST_PATH, POLICY_PERMISSIONS.view);
  const listing = await answerDenials(() => listPolicies(caller, { cursor, limit: PAGE_SIZE }));
  // An old cursor, or a page whose policies are gone: the list begins elsewhere now.
  if (listing.outcome === "rejected") redirect(LIST_PATH);
  const { policies, nextCursor, previousCursor } = listing;
  if (policies.length === 0 && cursor !== undefined) redirect(LIST_PATH);

  const names = await conditionNames(
    caller,
    policies.map(({ shown }) => shown.condition),
  );
  const t = await getTranslations("admin-policies");
  const words = await getPolicyTranslator();
  const newPolicy = (await can(caller, POLICY_PERMISSIONS.manage)) && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      {t("new")}
    </ButtonLink>
  );
  return (
    <>
      <PolicyFlash />
      <PageHeader
        title={t("title")}
        description={t("description")}
        actions={policies.length > 0 && newPolicy}
      />
      <Card>
        {policies.length === 0 ? (
          <EmptyState title={t("none")} description={t("noneText")} action={newPolicy} />
        ) : (
          <ItemList>
            {policies.map((policy) => (
              <Item
                key={policy.id}
                title={
                  <Link href={policyPath(policy.id)} className="rounded-sm hover:underline">
                    {policy.name}
                  </Link>
                }
                aside={<StageBadges policy={policy} />}
              >
                {policy.organizationId === null && `${t("everywhere")} `}
                {versionInWords(words, policy.shown, names)}
              </Item>
            ))}
          </ItemList>
        )}
      </Card>
      <Pagination
        previousHref={previousCursor === null ? undefined : listHref(previousCursor)}
        nextHref={nextCursor === null ? undefined : listHref(nextCursor)}
      />
    </>
  );
}

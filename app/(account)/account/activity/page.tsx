import { redirect } from "next/navigation";
import { z } from "zod";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { ActivityItem } from "@/app/(account)/account/activity/activity-item";
import { ButtonLink } from "@/components/ui/button";
import { Callout } from "@/components/ui/callout";
import { Card } from "@/components/ui/card";
import { ChoiceLinks } from "@/components/ui/choice-links";
import { EmptyState } from "@/components/ui/empty-state";
import { ItemList } from "@/components/ui/item-list";
import { PageHeader } from "@/components/ui/page-header";
import { Pagination } from "@/components/ui/pagination";
import { linkTo } from "@/components/ui/text-link";
import { ACTIVITY_KINDS, type ActivityKind, listOwnActivity } from "@/lib/audit-log/own-activity";

export const generateMetadata = titled("account.activity");

const PATH = "/account/activity";
const PAGE_SIZE = 25;
const NOT_ME = "not-me";

const Address = z.object({
  kind: z.enum(ACTIVITY_KINDS).optional().catch(undefined),
  cursor: z.string().optional().catch(undefined),
});

const href = (kind: ActivityKind | undefined, cursor?: string): string => {
  const query = new URLSearchParams({ ...(kind && { kind }), ...(cursor && { cursor }) });
  return query.size === 0 ? PATH : `${PATH}?${query}`;
};

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

export default async function ActivityPage({ searchParams }: Search) {
  const { kind, cursor } = Address.parse(await searchParams);
  const caller = await requireCaller(href(kind, cursor), { impersonated: true });
  const activity = await listOwnActivity(caller, { kind, cursor, limit: PAGE_SIZE });
  if (activity.outcome === "rejected") redirect(href(kind));
  const t = await getTranslations("account.activity");
  const turnTo = (to: string | null) => (to === null ? undefined : href(kind, to));
  return (
    <>
      <PageHeader title={t("title")} description={t("description")} />
      <div className="max-w-3xl space-y-6">
        <ChoiceLinks
          label={t("kind")}
          choices={[undefined, ...ACTIVITY_KINDS].map((one) => ({
            href: href(one),
            label: one === undefined ? t("everything") : t(`kinds.${one}`),
            chosen: one === kind,
          }))}
        />
        <Card>
          {activity.events.length === 0 ? (
            <EmptyState
              title={t(kind === undefined ? "none" : "noneOfKind")}
              description={t("noneText")}
              action={kind && <ButtonLink href={PATH}>{t("showAll")}</ButtonLink>}
            />
          ) : (
            <ItemList>
              {activity.events.map((event) => (
                <ActivityItem key={event.id} event={event} help={`#${NOT_ME}`} />
              ))}
            </ItemList>
          )}
        </Card>
        <Pagination
          label={t("pages")}
          previousHref={turnTo(activity.previousCursor)}
          nextHref={turnTo(activity.nextCursor)}
        />
        <section id={NOT_ME} aria-label={t("notYou")} className="scroll-mt-20">
          <Callout tone="warning" title={t("notYou")}>
            <ol className="list-decimal space-y-1 ps-5">
              <li>{t.rich("endSessions", linkTo("/account/sessions"))}</li>
              <li>{t.rich("changePassword", linkTo("/account/security"))}</li>
              <li>
                {t.rich("lookThrough", {
                  factors: linkTo("/account/security").link,
                  apps: linkTo("/account/apps").link,
                  tokens: linkTo("/account/tokens").link,
                })}
              </li>
            </ol>
          </Callout>
        </section>
      </div>
    </>
  );
}

import { redirect } from "next/navigation";
import { listingHref } from "@/app/_http/listing-address";
import { answerDenials } from "@/app/_http/page";
import { getTranslations } from "@/app/_locale/translations";
import { userAccessPath } from "@/app/admin/access/address";
import { CATALOGUE } from "@/app/resources";
import { Section } from "@/components/ui/card";
import { Pagination } from "@/components/ui/pagination";
import { listObjects } from "@/lib/decisions/list-objects";
import { AAL1 } from "@/lib/shared/assurance";
import type { Caller } from "@/lib/shared/caller";

const PAGE_SIZE = 25;

export const recordsHref = (userId: string, permission?: string, cursor?: string): string =>
  listingHref(userAccessPath(userId), { permission, cursor });

/** The records that the user may do this to, signed in now. */
export async function RecordsSection({
  caller,
  userId,
  permission,
  cursor,
}: {
  caller: Caller;
  userId: string;
  permission: string;
  cursor: string | undefined;
}) {
  const circumstances = {
    at: null,
    ip: null,
    means: "session",
    acr: AAL1,
    authTime: new Date(),
  } as const;
  const subject = { type: "user", id: userId } as const;
  const result = await answerDenials(() =>
    listObjects(
      caller,
      { subject, permission, circumstances },
      { cursor, limit: PAGE_SIZE },
      CATALOGUE,
    ),
  );
  if (result.outcome === "rejected") {
    if (result.reason === "unknown-cursor") redirect(recordsHref(userId, permission));
    return null;
  }
  const t = await getTranslations("admin-users.access");
  return (
    <Section title={t("records", { permission })} description={t("recordsText")}>
      {result.records.length === 0 ? (
        <p className="text-ink-soft text-sm">{t("noRecords")}</p>
      ) : (
        <ul className="space-y-1 text-sm">
          {result.records.map(({ id, label }) => (
            <li key={id} className="[overflow-wrap:anywhere]">
              {label} <code className="font-mono text-ink-faint text-xs">{id}</code>
            </li>
          ))}
        </ul>
      )}
      <Pagination
        label={t("pages")}
        previousHref={cursor === undefined ? undefined : recordsHref(userId, permission)}
        nextHref={
          result.nextCursor === null
            ? undefined
            : recordsHref(userId, permission, result.nextCursor)
        }
      />
    </Section>
  );
}

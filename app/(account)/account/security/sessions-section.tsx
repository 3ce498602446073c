import { getTranslations } from "@/app/_locale/translations";
import { SessionItem } from "@/app/(account)/account/session-item";
import { Section } from "@/components/ui/card";
import { ItemList } from "@/components/ui/item-list";
import { TextLink } from "@/components/ui/text-link";
import { listOwnSessions } from "@/lib/sessions/revoke-sessions";
import type { Caller } from "@/lib/shared/caller";

/** Besides the present one. */
const OTHERS_SHOWN = 2;

/** Where the caller is signed in: how often, here, and where else lately; all of it is a page of its own (F107). */
export async function SessionsSection({ caller }: { caller: Caller }) {
  const sessions = await listOwnSessions(caller);
  const here = sessions.filter(({ current }) => current);
  const others = sessions.filter(({ current }) => !current);
  const shown = [...here, ...others.slice(0, OTHERS_SHOWN)];
  const hidden = sessions.length - shown.length;
  const t = await getTranslations("account-security.sessions");
  return (
    <Section
      id="sessions"
      title={t("title")}
      description={others.length === 0 ? t("onlyHere") : t("count", { count: sessions.length })}
      actions={<TextLink href="/account/sessions">{t("seeAll")}</TextLink>}
      footer={hidden > 0 && <span>{t("hidden", { count: hidden })}</span>}
      flush
    >
      <ItemList>
        {shown.map((session) => (
          <SessionItem key={session.id} session={session} />
        ))}
      </ItemList>
    </Section>
  );
}

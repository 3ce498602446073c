import { Monitor } from "lucide-react";
import { useTranslations } from "#translations";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { getTranslations } from "@/app/_locale/translations";
import { endUserSessionAction, endUserSessionsAction } from "@/app/admin/users/actions";
import { ConfirmDialog } from "@/components/form/confirm-dialog";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { Item, ItemList } from "@/components/ui/item-list";
import { timeAgo } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import type { Caller } from "@/lib/shared/caller";

import type { UserDetail } from "@/lib/users/list-users";
import { listUserSessions } from "@/lib/users/user-sessions";

const SHOWN = 10;

/** Where the user is signed in now. */
export async function SessionsSection({
  id,
  caller,
  user,
  editable,
}: {
  id: string;
  caller: Caller;
  user: UserDetail;
  editable: boolean;
}) {
  const found = (await listUserSessions(caller, user.id, SHOWN + 1)) ?? [];
  const sessions = found.slice(0, SHOWN);
  const t = await getTranslations("admin-users.sessions");
  const devices = await getTranslations("auth.device");
  const title = (await getTranslations("admin-users.parts"))("sessions");
  if (sessions.length === 0) {
    return (
      <Section id={id} title={title} className="scroll-mt-20">
        <p className="text-ink-soft text-sm">{t("none")}</p>
      </Section>
    );
  }
  return (
    <Section
      id={id}
      className="scroll-mt-20"
      title={title}
      description={t("description")}
      actions={
        editable && <EndAll user={user} more={found.length > SHOWN} count={sessions.length} />
      }
      footer={
        <TextLink href={`/admin/sessions?${new URLSearchParams({ q: user.email })}`}>
          {t("all")}
        </TextLink>
      }
      flush
    >
      <ItemList>
        {sessions.map((session) => {
          const device = session.impersonated
            ? t("actedAs")
            : wordsOfDevice(session.userAgent, devices);
          return (
            <Item
              key={session.id}
              leading={<Monitor aria-hidden="true" />}
              title={device}
              aside={
                session.id === caller.principal.session.id && (
                  <Badge tone="accent">{t("here")}</Badge>
                )
              }
              actions={
                editable && (
                  <ConfirmDialog
                    trigger={t("end")}
                    triggerLabel={t("endOf", { device })}
                    variant="secondary"
                    title={t("endTitle")}
                    description={t("endText", { email: user.email })}
                    confirmLabel={t("endSession")}
                    action={endUserSessionAction}
                    fields={{ id: user.id, sessionId: session.id }}
                  />
                )
              }
            >
              {!session.impersonated && `${session.ip ?? t("unknownAddress")} · `}
              {t.rich("lastSeen", timeAgo(session.lastSeenAt))} ·{" "}
              {t.rich("since", timeAgo(session.createdAt))}
            </Item>
          );
        })}
      </ItemList>
    </Section>
  );
}

function EndAll({ user, count, more }: { user: UserDetail; count: number; more: boolean }) {
  const t = useTranslations("admin-users.sessions");
  const { email } = user;
  return (
    <ConfirmDialog
      trigger={t("endAll")}
      variant="secondary"
      title={t("endAllTitle")}
      description={more ? t("endAllEverywhere", { email }) : t("endAllText", { email, count })}
      confirmLabel={t("endAllSessions")}
      action={endUserSessionsAction}
      fields={{ id: user.id }}
    />
  );
}

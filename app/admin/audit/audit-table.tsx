import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { auditHref } from "@/app/admin/audit/address";
import { decisionPath } from "@/app/admin/decisions/address";
import { ChangeList } from "@/components/admin/change-list";
import { OutcomeBadge } from "@/components/admin/outcome-badge";
import { AbsoluteTime } from "@/components/ui/absolute-time";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { TextLink } from "@/components/ui/text-link";
import type { AuditEvent, Party } from "@/lib/audit-log/list-audit-events";

/** Events with what they changed folded under each. */
export function AuditTable({
  events,
  explains,
}: {
  events: AuditEvent[];
  /** Whether the reader may see why something was refused. */
  explains: boolean;
}) {
  const t = useTranslations("admin-audit");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <ColumnHeader>{t("labels.action")}</ColumnHeader>
        <ColumnHeader narrow>{t("labels.outcome")}</ColumnHeader>
        <ColumnHeader>{t("labels.actor")}</ColumnHeader>
        <ColumnHeader>{t("labels.target")}</ColumnHeader>
        <ColumnHeader narrow>{t("at")}</ColumnHeader>
      </TableHead>
      <TableBody>
        {events.map((event) => (
          <TableRow key={event.id}>
            <RowHeader>
              <details>
                <summary className="cursor-pointer rounded-sm font-mono text-xs max-md:[overflow-wrap:anywhere] md:whitespace-nowrap">
                  {event.action}
                </summary>
                <EventDetails event={event} explains={explains} />
              </details>
            </RowHeader>
            <Cell narrow>
              <OutcomeBadge outcome={event.outcome} />
            </Cell>
            <Cell className="min-w-40 [overflow-wrap:anywhere]">
              <Actor event={event} />
            </Cell>
            <Cell className="min-w-40 [overflow-wrap:anywhere]">
              {event.target?.id ? (
                <>
                  <span className="text-ink-faint">{event.target.type} </span>
                  <TextLink href={auditHref({ target: event.target.id })}>
                    {nameOf(event.target)}
                  </TextLink>
                </>
              ) : (
                "–"
              )}
            </Cell>
            <Cell narrow>
              <AbsoluteTime value={event.at} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const faint = (words: ReactNode) => <span className="text-ink-faint">{words}</span>;

/** Who did it, as whom and by which app. */
function Actor({ event: { actor, subject, client } }: { event: AuditEvent }) {
  const t = useTranslations("admin-audit");
  const { id } = actor;
  if (id === null) return actor.type;
  const link = (words: ReactNode) => <TextLink href={auditHref({ actor: id })}>{words}</TextLink>;
  return (
    <>
      {actor.type !== "user" && faint(`${actor.type} `)}
      {subject
        ? t.rich("actedAs", { a: link, faint, actor: nameOf(actor), subject: nameOf(subject) })
        : link(nameOf(actor))}
      {client && <> {faint(t("byClient", { client: nameOf(client) }))}</>}
    </>
  );
}

/** The present name, or enough of the id to tell two apart. */
const nameOf = ({ name, id }: Party): string => name ?? `…${id?.slice(-8) ?? ""}`;

const code = (words: ReactNode) => <code className="font-mono">{words}</code>;

function EventDetails({ event, explains }: { event: AuditEvent; explains: boolean }) {
  const t = useTranslations("admin-audit");
  const devices = useTranslations("auth.device");
  return (
    <div className="mt-2 max-w-md space-y-2 whitespace-normal font-normal text-ink-soft text-xs">
      {event.reason !== null && <p>{event.reason}</p>}
      {(event.before !== null || event.after !== null) && (
        <ChangeList before={event.before} after={event.after} />
      )}
      <p className="[overflow-wrap:anywhere]">
        {event.ip ?? t("noAddress")} · {wordsOfDevice(event.userAgent, devices)}
        <br />
        {t.rich("event", { code, id: event.id })}
        <br />
        {t.rich("request", { code, id: event.requestId })}
      </p>
      {explains && event.action === "authorization.denied" && (
        <p>
          <TextLink href={decisionPath(event.id)}>{t("why")}</TextLink>
        </p>
      )}
    </div>
  );
}

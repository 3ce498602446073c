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
import { describeUserAgent } from "@/lib/shared/user-agent";

/** Events with what they changed folded under each. */
export function AuditTable({
  events,
  explains,
}: {
  events: AuditEvent[];
  /** Whether the reader may see why something was refused. */
  explains: boolean;
}) {
  return (
    <Table caption="Audit events">
      <TableHead>
        <ColumnHeader>Action</ColumnHeader>
        <ColumnHeader narrow>Outcome</ColumnHeader>
        <ColumnHeader>Actor</ColumnHeader>
        <ColumnHeader>Target</ColumnHeader>
        <ColumnHeader narrow>At</ColumnHeader>
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
              {event.actor.id === null ? (
                event.actor.type
              ) : (
                <>
                  {event.actor.type !== "user" && (
                    <span className="text-ink-faint">{event.actor.type} </span>
                  )}
                  <TextLink href={auditHref({ actor: event.actor.id })}>
                    {nameOf(event.actor)}
                  </TextLink>
                  {event.client && (
                    <span className="text-ink-faint"> by {nameOf(event.client)}</span>
                  )}
                </>
              )}
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

/** The present name, or enough of the id to tell two apart. */
const nameOf = ({ name, id }: Party): string => name ?? `…${id?.slice(-8) ?? ""}`;

function EventDetails({ event, explains }: { event: AuditEvent; explains: boolean }) {
  return (
    <div className="mt-2 max-w-md space-y-2 whitespace-normal font-normal text-ink-soft text-xs">
      {event.reason !== null && <p>{event.reason}</p>}
      {(event.before !== null || event.after !== null) && (
        <ChangeList before={event.before} after={event.after} />
      )}
      <p className="[overflow-wrap:anywhere]">
        {event.ip ?? "No address"} · {describeUserAgent(event.userAgent)}
        <br />
        Event <code className="font-mono">{event.id}</code>
        <br />
        Request <code className="font-mono">{event.requestId}</code>
      </p>
      {explains && event.action === "authorization.denied" && (
        <p>
          <TextLink href={decisionPath(event.id)}>Why it was refused</TextLink>
        </p>
      )}
    </div>
  );
}

import { Plus } from "lucide-react";
import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { connectionPath, LIST_PATH } from "@/app/admin/connections/address";
import { presetName } from "@/app/admin/connections/presets";
import { Badge } from "@/components/ui/badge";
import { ButtonLink } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Link } from "@/components/ui/link";
import { PageHeader } from "@/components/ui/page-header";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import { can } from "@/lib/authz/decide";
import { listEnvironmentProviders } from "@/lib/federation/environment-providers";
import { type Connection, listConnections } from "@/lib/federation/manage-connections";
import { CONNECTION_PERMISSIONS } from "@/lib/federation/permissions";

export const metadata: Metadata = { title: "Connections" };

export default async function ConnectionsPage() {
  const caller = await requirePermission(LIST_PATH, CONNECTION_PERMISSIONS.view);
  const connections = await answerDenials(() => listConnections(caller));
  const ofEnvironment = listEnvironmentProviders().map(({ name }) => name);
  const newConnection = (await can(caller, CONNECTION_PERMISSIONS.manage)) && (
    <ButtonLink href={`${LIST_PATH}/new`} variant="primary">
      <Plus aria-hidden="true" />
      New connection
    </ButtonLink>
  );
  return (
    <>
      <PageHeader
        title="Connections"
        description="Identity providers that people can sign in with, from the next request on."
        actions={connections.length > 0 && newConnection}
      />
      {connections.length === 0 ? (
        <Card>
          <EmptyState
            title="No connections yet"
            description="Let people sign in with the accounts that they have elsewhere."
            action={newConnection}
          />
        </Card>
      ) : (
        <ConnectionTable connections={connections} />
      )}
      {ofEnvironment.length > 0 && (
        <p className="mt-4 text-ink-soft text-sm">
          {ofEnvironment.join(" and ")} {ofEnvironment.length === 1 ? "is" : "are"} set up by the
          configuration of this program.
        </p>
      )}
    </>
  );
}

function ConnectionTable({ connections }: { connections: Connection[] }) {
  return (
    <Table caption="Connections">
      <TableHead>
        <ColumnHeader>Name</ColumnHeader>
        <ColumnHeader className="max-sm:hidden">Issuer</ColumnHeader>
        <ColumnHeader>State</ColumnHeader>
        <ColumnHeader align="end">People</ColumnHeader>
      </TableHead>
      <TableBody>
        {connections.map(({ id, name, preset, issuer, enabled, identities }) => (
          <TableRow key={id}>
            <RowHeader className="max-w-60">
              <Link
                href={connectionPath(id)}
                className="rounded-sm [overflow-wrap:anywhere] hover:underline"
              >
                {name}
              </Link>
              <span className="block truncate font-normal text-ink-soft text-xs">
                {presetName(preset)}
              </span>
            </RowHeader>
            <Cell className="max-w-80 truncate text-ink-soft max-sm:hidden" title={issuer}>
              {issuer}
            </Cell>
            <Cell narrow>
              <StateBadge enabled={enabled} />
            </Cell>
            <Cell align="end" narrow>
              {identities}
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

function StateBadge({ enabled }: { enabled: boolean }) {
  return (
    <Badge tone={enabled ? "success" : "neutral"} dot>
      {enabled ? "On" : "Off"}
    </Badge>
  );
}

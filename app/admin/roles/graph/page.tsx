import type { Metadata } from "next";
import { answerDenials, requirePermission } from "@/app/_http/page";
import { LIST_PATH, rolePath } from "@/app/admin/roles/address";
import { BOX, type DrawnGraph, layoutGraph } from "@/app/admin/roles/graph/layout-graph";
import { Breadcrumb } from "@/components/ui/breadcrumb";
import { Card, Section } from "@/components/ui/card";
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
import { TextLink } from "@/components/ui/text-link";
import { ROLE_PERMISSIONS } from "@/lib/authz/permissions";
import { type GraphRole, readRoleGraph } from "@/lib/authz/role-graph";

export const metadata: Metadata = { title: "How roles inherit" };

export default async function RoleGraphPage() {
  const caller = await requirePermission(`${LIST_PATH}/graph`, ROLE_PERMISSIONS.view);
  const roles = await answerDenials(() => readRoleGraph(caller));
  const drawn = layoutGraph(roles);
  const apart = roles.length - drawn.roles.length;
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb items={[{ label: "Roles", href: LIST_PATH }, { label: "Inheritance" }]} />
        }
        title="How roles inherit"
        description={`An arrow leads from a role to one that it inherits.${apart > 0 ? ` ${apart === 1 ? "1 role inherits" : `${apart} roles inherit`} nothing and ${apart === 1 ? "is" : "are"} inherited by none.` : ""}`}
      />
      {drawn.roles.length === 0 ? (
        <Card>
          <EmptyState
            title="No role inherits another"
            description="Choose on the page of a role which others it inherits."
          />
        </Card>
      ) : (
        <div className="space-y-6">
          <GraphPicture graph={drawn} />
          <GraphTable roles={roles} />
        </div>
      )}
    </>
  );
}

/** Drawn on the server; its boxes are links, and the table below says the same in words. */
function GraphPicture({ graph: { width, height, roles, lines } }: { graph: DrawnGraph }) {
  return (
    // The frame takes the focus so that the arrow keys scroll it.
    <section
      aria-label="Inheritance of roles, drawn"
      tabIndex={0}
      className="relative max-h-[75vh] overflow-auto rounded-lg border border-line bg-surface shadow-card"
    >
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        className="mx-auto block max-w-none"
      >
        <title>Inheritance of roles</title>
        <defs>
          <marker
            id="arrow"
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="7"
            markerHeight="7"
            orient="auto-start-reverse"
          >
            <path d="M 0 0 L 10 5 L 0 10 z" className="fill-line-strong" />
          </marker>
        </defs>
        <g aria-hidden="true">
          {lines.map(({ key, path }) => (
            <path
              key={key}
              d={path}
              markerEnd="url(#arrow)"
              className="fill-none stroke-[1.5] stroke-line-strong"
            />
          ))}
        </g>
        {roles.map(({ id, name, label, x, y }) => (
          <a key={id} href={rolePath(id)} aria-label={name} className="group/box outline-none">
            <title>{name}</title>
            <rect
              x={x - BOX.width / 2}
              y={y - BOX.height / 2}
              width={BOX.width}
              height={BOX.height}
              rx={8}
              className="fill-raised stroke-line-strong group-hover/box:fill-accent-wash group-hover/box:stroke-accent group-focus-visible/box:stroke-[3] group-focus-visible/box:stroke-accent"
            />
            <text
              x={x}
              y={y}
              textAnchor="middle"
              dominantBaseline="central"
              className="fill-ink font-medium text-sm"
            >
              {label}
            </text>
          </a>
        ))}
      </svg>
    </section>
  );
}

function GraphTable({ roles }: { roles: GraphRole[] }) {
  const known = new Map(roles.map((role) => [role.id, role.name]));
  const namesOf = (ids: string[]) =>
    ids.length === 0 ? (
      <span className="text-ink-faint">None</span>
    ) : (
      <ul>
        {ids.map((id) => (
          <li key={id} className="[overflow-wrap:anywhere]">
            <TextLink href={rolePath(id)}>{known.get(id)}</TextLink>
          </li>
        ))}
      </ul>
    );
  return (
    <Section title="The same in words" flush>
      <Table caption="Inheritance of roles" framed={false}>
        <TableHead>
          <ColumnHeader>Role</ColumnHeader>
          <ColumnHeader>Inherits</ColumnHeader>
          <ColumnHeader>Inherited by</ColumnHeader>
        </TableHead>
        <TableBody>
          {roles
            .filter(({ inherits, heirs }) => inherits.length + heirs.length > 0)
            .map(({ id, name, inherits, heirs }) => (
              <TableRow key={id}>
                <RowHeader className="max-w-60">
                  <Link
                    href={rolePath(id)}
                    className="rounded-sm [overflow-wrap:anywhere] hover:underline"
                  >
                    {name}
                  </Link>
                </RowHeader>
                <Cell>{namesOf(inherits)}</Cell>
                <Cell>{namesOf(heirs)}</Cell>
              </TableRow>
            ))}
        </TableBody>
      </Table>
    </Section>
  );
}

import { answerDenials, requirePermission } from "@/app/_http/page";
import { getTranslations, titled, useTranslations } from "@/app/_locale/translations";
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

export const generateMetadata = titled("admin-roles.graph");

export default async function RoleGraphPage() {
  const caller = await requirePermission(`${LIST_PATH}/graph`, ROLE_PERMISSIONS.view);
  const roles = await answerDenials(() => readRoleGraph(caller));
  const drawn = layoutGraph(roles);
  const apart = roles.length - drawn.roles.length;
  const t = await getTranslations("admin-roles.graph");
  const list = await getTranslations("admin-roles");
  return (
    <>
      <PageHeader
        above={
          <Breadcrumb
            items={[{ label: list("title"), href: LIST_PATH }, { label: t("inheritance") }]}
          />
        }
        title={t("title")}
        description={t("about", { apart })}
      />
      {drawn.roles.length === 0 ? (
        <Card>
          <EmptyState title={t("none")} description={t("noneText")} />
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
  const t = useTranslations("admin-roles.graph");
  return (
    // The frame takes the focus so that the arrow keys scroll it.
    <section
      aria-label={t("drawn")}
      tabIndex={0}
      className="relative max-h-[75vh] overflow-auto rounded-lg border border-line bg-surface shadow-card"
    >
      <svg
        width={width}
        height={height}
        viewBox={`0 0 ${width} ${height}`}
        className="mx-auto block max-w-none"
      >
        <title>{t("caption")}</title>
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
  const t = useTranslations("admin-roles.graph");
  const known = new Map(roles.map((role) => [role.id, role.name]));
  const namesOf = (ids: string[]) =>
    ids.length === 0 ? (
      <span className="text-ink-faint">{t("noOther")}</span>
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
    <Section title={t("inWords")} flush>
      <Table caption={t("caption")} framed={false}>
        <TableHead>
          <ColumnHeader>{t("role")}</ColumnHeader>
          <ColumnHeader>{t("inherits")}</ColumnHeader>
          <ColumnHeader>{t("inheritedBy")}</ColumnHeader>
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

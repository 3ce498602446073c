import { useTranslations } from "#translations";
import { Link } from "@/components/ui/link";

/** How a role gives a permission: itself or by a role that it inherits, and whether on a condition. */
export type MatrixMark = "itself" | "inherited" | "itself-if" | "inherited-if";

export interface RoleMatrixProps {
  roles: readonly { id: string; name: string; href: string }[];
  permissions: readonly { key: string; description: string }[];
  /** By the role's id and the permission's key; what is not there is not given. */
  marks: Readonly<Record<string, Readonly<Record<string, MatrixMark>>>>;
}

const SIGNS: readonly [mark: MatrixMark, sign: string][] = [
  ["itself", "●"],
  ["itself-if", "◐"],
  ["inherited", "○"],
  ["inherited-if", "◌"],
];
const SIGN_OF = new Map(SIGNS);

const HEAD = "sticky top-0 z-2 border-line border-b bg-sunken";
const SIDE = "sticky start-0 z-1 w-44 min-w-44 border-line border-e sm:w-72 sm:min-w-72";

/** Roles against permissions, for reading: it scrolls within its frame, names stay in view. */
export function RoleMatrix({ roles, permissions, marks }: RoleMatrixProps) {
  const t = useTranslations("admin-roles.matrix");
  return (
    <div className="space-y-3">
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-ink-soft text-sm">
        {SIGNS.map(([mark, sign]) => (
          <li key={mark}>
            <span aria-hidden="true" className="me-1.5 text-accent">
              {sign}
            </span>
            {t(`marks.${mark}`)}
          </li>
        ))}
      </ul>
      {/* Positioned, so that what is for screen readers alone scrolls with its cell and not with the page. */}
      <section
        aria-label={t("label")}
        tabIndex={0}
        className="relative max-h-[70vh] scroll-pt-12 scroll-ps-44 overflow-auto rounded-lg border border-line bg-surface sm:scroll-ps-72"
      >
        <table className="border-separate border-spacing-0 text-start text-sm">
          <caption className="sr-only">{t("label")}</caption>
          <thead>
            <tr>
              <th
                scope="col"
                className={`${HEAD} ${SIDE} z-3 px-4 py-2 font-medium text-ink-soft text-xs`}
              >
                {t("permission")}
              </th>
              {roles.map(({ id, name, href }) => (
                <th key={id} scope="col" className={`${HEAD} px-3 py-2 font-medium text-xs`}>
                  <Link
                    href={href}
                    title={name}
                    className="block max-w-28 truncate rounded-sm text-ink hover:underline"
                  >
                    {name}
                  </Link>
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="[&>tr:last-child>*]:border-b-0">
            {permissions.map(({ key, description }) => (
              <tr key={key} className="group/row">
                <th
                  scope="row"
                  className={`${SIDE} border-b bg-surface px-4 py-2 font-normal group-hover/row:bg-sunken`}
                >
                  <span className="block text-ink">{description}</span>
                  <span className="block font-mono text-ink-faint text-xs [overflow-wrap:anywhere]">
                    {key}
                  </span>
                </th>
                {roles.map(({ id }) => (
                  <Mark key={id} mark={marks[id]?.[key]} />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Mark({ mark }: { mark: MatrixMark | undefined }) {
  const t = useTranslations("admin-roles.matrix");
  const look = "border-line border-b px-3 py-2 text-center group-hover/row:bg-sunken";
  if (mark === undefined) {
    return (
      <td className={look}>
        <span className="sr-only">{t("notGiven")}</span>
      </td>
    );
  }
  const words = t(`marks.${mark}`);
  return (
    <td className={look} title={words}>
      <span aria-hidden="true" className="text-accent text-base">
        {SIGN_OF.get(mark)}
      </span>
      <span className="sr-only">{words}</span>
    </td>
  );
}

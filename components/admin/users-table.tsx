import { useTranslations } from "#translations";
import { TickUser } from "@/components/admin/tick-user";
import { type UserStatus, UserStatusBadge } from "@/components/admin/user-status";
import { Avatar } from "@/components/ui/avatar";
import { Link } from "@/components/ui/link";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  SortHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { UserSort } from "@/lib/users/user.schema";

export interface UserLine {
  id: string;
  href: string;
  name: string | null;
  /** The address of their picture. */
  picture: string | null;
  email: string;
  status: UserStatus;
  roles: string[];
  createdAt: Date;
  lastSignInAt: Date | null;
}

interface Sorting {
  current: UserSort;
  hrefOf(sort: UserSort): string;
}

export function UsersTable({
  users,
  sorting,
  selectable,
}: {
  users: UserLine[];
  sorting: Sorting;
  /** Puts a field `user.N` before each, for a form around the table. */
  selectable: boolean;
}) {
  const header = (sort: UserSort, direction: "ascending" | "descending") => ({
    href: sorting.hrefOf(sort),
    sorted: sorting.current === sort ? direction : undefined,
  });
  const t = useTranslations("admin-users");
  return (
    <Table caption={t("list.title")}>
      <TableHead>
        <SortHeader {...header("name", "ascending")}>{t("table.name")}</SortHeader>
        <SortHeader {...header("email", "ascending")}>{t("table.email")}</SortHeader>
        <ColumnHeader narrow>{t("table.status")}</ColumnHeader>
        <ColumnHeader>{t("table.roles")}</ColumnHeader>
        <SortHeader narrow {...header("last-sign-in", "descending")}>
          {t("table.lastSignIn")}
        </SortHeader>
        <SortHeader narrow {...header("newest", "descending")}>
          {t("table.created")}
        </SortHeader>
      </TableHead>
      <TableBody>
        {users.map((user, place) => (
          <TableRow key={user.id}>
            <RowHeader className="max-w-64">
              <div className="flex min-w-0 items-center gap-3">
                {selectable && (
                  <TickUser
                    name={`user.${place}`}
                    id={user.id}
                    label={t("table.select", { name: user.name ?? user.email })}
                  />
                )}
                <Link
                  href={user.href}
                  className="flex min-w-0 items-center gap-2.5 rounded-sm hover:underline"
                >
                  <Avatar
                    name={user.name ?? user.email}
                    picture={user.picture}
                    size="sm"
                    className="max-sm:hidden"
                  />
                  <span className="truncate">{user.name ?? user.email}</span>
                </Link>
              </div>
            </RowHeader>
            <Cell className="max-w-72 truncate text-ink-soft" title={user.email}>
              {user.email}
            </Cell>
            <Cell narrow>
              <UserStatusBadge status={user.status} />
            </Cell>
            <Cell className="max-w-56 truncate text-ink-soft" title={user.roles.join(", ")}>
              {user.roles.length === 0 ? t("table.none") : user.roles.join(", ")}
            </Cell>
            <Cell narrow className="text-ink-soft">
              {user.lastSignInAt === null ? (
                t("table.never")
              ) : (
                <RelativeTime value={user.lastSignInAt} />
              )}
            </Cell>
            <Cell narrow className="text-ink-soft">
              <RelativeTime value={user.createdAt} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

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

export function UsersTable({ users, sorting }: { users: UserLine[]; sorting: Sorting }) {
  const header = (sort: UserSort, direction: "ascending" | "descending") => ({
    href: sorting.hrefOf(sort),
    sorted: sorting.current === sort ? direction : undefined,
  });
  return (
    <Table caption="Users">
      <TableHead>
        <SortHeader {...header("name", "ascending")}>Name</SortHeader>
        <SortHeader {...header("email", "ascending")}>Email</SortHeader>
        <ColumnHeader narrow>Status</ColumnHeader>
        <ColumnHeader>Roles</ColumnHeader>
        <SortHeader narrow {...header("last-sign-in", "descending")}>
          Last sign-in
        </SortHeader>
        <SortHeader narrow {...header("newest", "descending")}>
          Created
        </SortHeader>
      </TableHead>
      <TableBody>
        {users.map((user) => (
          <TableRow key={user.id}>
            <RowHeader className="max-w-64">
              <Link
                href={user.href}
                className="flex min-w-0 items-center gap-2.5 rounded-sm hover:underline"
              >
                <Avatar name={user.name ?? user.email} size="sm" className="max-sm:hidden" />
                <span className="truncate">{user.name ?? user.email}</span>
              </Link>
            </RowHeader>
            <Cell className="max-w-72 truncate text-ink-soft" title={user.email}>
              {user.email}
            </Cell>
            <Cell narrow>
              <UserStatusBadge status={user.status} />
            </Cell>
            <Cell className="max-w-56 truncate text-ink-soft" title={user.roles.join(", ")}>
              {user.roles.length === 0 ? "None" : user.roles.join(", ")}
            </Cell>
            <Cell narrow className="text-ink-soft">
              {user.lastSignInAt === null ? "Never" : <RelativeTime value={user.lastSignInAt} />}
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

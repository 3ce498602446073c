import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/ui/relative-time";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { SigningKeyDescription } from "@/lib/keys/describe-keys";

/** Each signing key with what it does now and what becomes of it next. */
export function SigningKeysTable({ keys }: { keys: SigningKeyDescription[] }) {
  return (
    <Table caption="Signing keys">
      <TableHead>
        <ColumnHeader>Key</ColumnHeader>
        <ColumnHeader narrow>State</ColumnHeader>
        <ColumnHeader narrow className="max-sm:hidden">
          Since
        </ColumnHeader>
        <ColumnHeader narrow>Next</ColumnHeader>
      </TableHead>
      <TableBody>
        {keys.map((key) => (
          <TableRow key={key.kid}>
            <RowHeader className="max-w-60">
              {key.alg}
              <span
                className="block truncate font-mono font-normal text-ink-soft text-xs"
                title={key.kid}
              >
                {key.kid}
              </span>
            </RowHeader>
            <Cell narrow>
              <StateBadge state={key.state} />
            </Cell>
            <Cell narrow className="text-ink-soft max-sm:hidden">
              <RelativeTime value={key.since} />
            </Cell>
            <Cell narrow className="text-ink-soft">
              <Next signingKey={key} />
            </Cell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  );
}

const STATES = {
  current: ["Signs", "success"],
  next: ["Waits", "accent"],
  previous: ["Verifies", "neutral"],
  retired: ["Retired", "neutral"],
} as const satisfies Record<SigningKeyDescription["state"], [string, string]>;

function StateBadge({ state }: Pick<SigningKeyDescription, "state">) {
  const [label, tone] = STATES[state];
  return (
    <Badge tone={tone} dot={state === "current"}>
      {label}
    </Badge>
  );
}

function Next({ signingKey: { rotationDueAt, readyAt } }: { signingKey: SigningKeyDescription }) {
  if (rotationDueAt !== null) {
    return (
      <>
        due <RelativeTime value={rotationDueAt} />
      </>
    );
  }
  if (readyAt === null) return "–";
  // oxlint-disable-next-line react/purity -- rendered once per request, on the server
  return readyAt.getTime() <= Date.now() ? (
    "ready to sign"
  ) : (
    <>
      ready <RelativeTime value={readyAt} />
    </>
  );
}

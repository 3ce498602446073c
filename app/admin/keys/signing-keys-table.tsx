import { useTranslations } from "#translations";
import { Badge } from "@/components/ui/badge";
import { RelativeTime, timeAgo } from "@/components/ui/relative-time";
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
  const t = useTranslations("admin-keys.signing");
  return (
    <Table caption={t("caption")}>
      <TableHead>
        <ColumnHeader>{t("key")}</ColumnHeader>
        <ColumnHeader narrow>{t("state")}</ColumnHeader>
        <ColumnHeader narrow className="max-sm:hidden">
          {t("since")}
        </ColumnHeader>
        <ColumnHeader narrow>{t("next")}</ColumnHeader>
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

const TONES = {
  current: "success",
  next: "accent",
  previous: "neutral",
  retired: "neutral",
} as const satisfies Record<SigningKeyDescription["state"], string>;

function StateBadge({ state }: Pick<SigningKeyDescription, "state">) {
  const t = useTranslations("admin-keys.signing.states");
  return (
    <Badge tone={TONES[state]} dot={state === "current"}>
      {t(state)}
    </Badge>
  );
}

function Next({ signingKey: { rotationDueAt, readyAt } }: { signingKey: SigningKeyDescription }) {
  const t = useTranslations("admin-keys.signing");
  if (rotationDueAt !== null) return t.rich("due", timeAgo(rotationDueAt));
  if (readyAt === null) return "–";
  // oxlint-disable-next-line react/purity -- rendered once per request, on the server
  return readyAt.getTime() <= Date.now() ? t("readyNow") : t.rich("ready", timeAgo(readyAt));
}

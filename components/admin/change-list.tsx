import { useTranslations } from "#translations";

/** What a change was before and after, one line for each field that is not as it was. */
export function ChangeList({ before, after }: { before: unknown; after: unknown }) {
  const t = useTranslations("admin-audit");
  const rows = changesOf(before, after);
  if (rows.length === 0) return <p className="text-ink-faint">{t("noChange")}</p>;
  return (
    <dl className="space-y-1">
      {rows.map(({ field, from, to }) => (
        <div key={field} className="[overflow-wrap:anywhere]">
          <dt className="inline font-medium text-ink">{field}: </dt>
          <dd className="inline">
            {from !== undefined && <del className="text-ink-faint">{from}</del>}
            {from !== undefined && to !== undefined && " → "}
            {to !== undefined && <ins className="no-underline">{to}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};

const asText = (value: unknown): string | undefined => {
  if (value === undefined) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
};

function changesOf(before: unknown, after: unknown) {
  const [old, next] = [asRecord(before), asRecord(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .map((field) => ({ field, from: asText(old[field]), to: asText(next[field]) }))
    .filter(({ from, to }) => from !== to);
}

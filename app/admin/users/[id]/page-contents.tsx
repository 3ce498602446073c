import { useTranslations } from "#translations";
import { TextLink } from "@/components/ui/text-link";

/** Links to the parts of the page that its reader sees, in their order. */
export function PageContents({ parts }: { parts: readonly { id: string; label: string }[] }) {
  const t = useTranslations("admin-users.parts");
  return (
    <nav aria-label={t("label")} className="print:hidden">
      <ul className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
        {parts.map(({ id, label }) => (
          <li key={id}>
            <TextLink href={`#${id}`}>{label}</TextLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

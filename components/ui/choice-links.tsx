import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";

/** One of a few ways to look at the same page. Links, so that each has an address. */
export function ChoiceLinks({
  label,
  choices,
}: {
  label: string;
  choices: { label: string; href: string; chosen: boolean }[];
}) {
  return (
    <nav aria-label={label}>
      <ul className="flex flex-wrap gap-1 rounded-md border border-line bg-sunken p-1 text-sm">
        {choices.map(({ label: name, href, chosen }) => (
          <li key={href}>
            <Link
              href={href}
              aria-current={chosen ? "true" : undefined}
              className={cn(
                "block rounded-sm px-3 py-1",
                chosen
                  ? "bg-surface font-medium text-ink shadow-card"
                  : "text-ink-soft hover:text-ink",
              )}
            >
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

import { cn } from "@/components/ui/cn";

const SIZES = {
  sm: "h-7 w-6 text-2xs",
  md: "h-9 w-8 text-xs",
  lg: "h-16 w-14 text-lg",
} as const;

/** First letters of the first and last word; of an address, the part before the @ counts. */
export function initialsOf(name: string): string {
  const words = (name.split("@")[0] ?? "").split(/[\s._-]+/).filter(Boolean);
  const first = words[0] ?? "?";
  const last = words.length > 1 ? words[words.length - 1] : undefined;
  return [first, last]
    .map((word) => (word ? (Array.from(word)[0] ?? "") : ""))
    .join("")
    .toLocaleUpperCase("en");
}

/** Initials in the product's gate. Decorative: the name itself must stand beside it. */
export function Avatar({
  name,
  size = "md",
  className,
}: {
  name: string;
  size?: keyof typeof SIZES;
  className?: string;
}) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "arch inline-flex shrink-0 select-none items-center justify-center border pt-0.5",
        "border-accent-line bg-accent-wash font-medium text-accent",
        SIZES[size],
        className,
      )}
    >
      {initialsOf(name)}
    </span>
  );
}

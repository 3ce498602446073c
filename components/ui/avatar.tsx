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

/** A picture, or initials, in the product's gate. Decorative: the name itself must stand beside it. */
export function Avatar({
  name,
  picture = null,
  size = "md",
  className,
}: {
  name: string;
  /** Its address. The initials are beneath it, so that they show where it does not load. */
  picture?: string | null;
  size?: keyof typeof SIZES;
  className?: string;
}) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "arch relative inline-flex shrink-0 select-none items-center justify-center border pt-0.5",
        "overflow-hidden border-accent-line bg-accent-wash font-medium text-accent",
        SIZES[size],
        className,
      )}
    >
      {initialsOf(name)}
      {picture !== null && (
        // oxlint-disable-next-line next/no-img-element -- the image optimizer is off, and this is as small as it gets
        <img
          src={picture}
          alt=""
          loading="lazy"
          decoding="async"
          className="absolute inset-0 size-full object-cover"
        />
      )}
    </span>
  );
}

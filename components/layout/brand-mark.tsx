import { Mark } from "@/components/layout/wordmark";
import { cn } from "@/components/ui/cn";
import { type Look, logoHref } from "@/lib/shared/look";

const LOGO = "h-9 w-auto max-w-44 object-contain object-left rtl:object-right";

/** An organization's logo, or its name where it has none. */
export function BrandMark({ look: { organizationId, name, logos } }: { look: Look }) {
  const light = logos.light ?? logos.dark;
  const dark = logos.dark ?? logos.light;
  if (light === undefined || dark === undefined) {
    return (
      <span className="inline-flex max-w-full items-center gap-2.5">
        <Mark />
        <bdi className="truncate font-semibold text-[1.0625rem] text-ink tracking-tight">
          {name}
        </bdi>
      </span>
    );
  }
  const isOne = light === dark;
  return (
    <>
      {/* oxlint-disable-next-line nextjs/no-img-element -- drawn by us in the size that it is shown in */}
      <img
        src={logoHref(organizationId, light)}
        alt={name}
        className={cn(LOGO, !isOne && "dark:hidden")}
      />
      {!isOne && (
        // oxlint-disable-next-line nextjs/no-img-element -- as above
        <img
          src={logoHref(organizationId, dark)}
          alt={name}
          loading="lazy"
          className={cn(LOGO, "hidden dark:block")}
        />
      )}
    </>
  );
}

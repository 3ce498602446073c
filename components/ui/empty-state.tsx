import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { cn } from "@/components/ui/cn";
import { QUOTED } from "@/components/ui/name";

/** An opening with nothing behind it yet; `blocked` bars it. */
function Gate({ blocked }: { blocked: boolean }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 88 72" fill="none" className="h-18 w-22 text-ink-faint">
      <path d="M4 68.5h80" stroke="var(--color-line-strong)" strokeLinecap="round" />
      <path
        d="M22 68V32a22 22 0 0 1 44 0v36"
        stroke="var(--color-line-strong)"
        strokeDasharray={blocked ? undefined : "3 3"}
      />
      <path d="M30 68V32a14 14 0 0 1 28 0v36" fill="var(--color-sunken)" stroke="currentColor" />
      {blocked ? (
        <path d="M30 42h28M30 52h28M37 68V20.2M44 68V18M51 68V20.2" stroke="currentColor" />
      ) : (
        <path d="M44 68V44" stroke="var(--color-accent)" strokeLinecap="round" strokeWidth="1.5" />
      )}
    </svg>
  );
}

type StateProps = {
  title: ReactNode;
  description?: ReactNode;
  /** One button or link that leads on. */
  action?: ReactNode;
  /** The level of the heading: 1 when the state is the whole page. */
  level?: 1 | 2 | 3;
  className?: string;
};

function State({
  title,
  description,
  action,
  level = 2,
  className,
  blocked,
}: StateProps & { blocked: boolean }) {
  const Heading = `h${level}` as const;
  return (
    <div className={cn("flex flex-col items-center px-6 py-14 text-center", className)}>
      <Gate blocked={blocked} />
      <Heading
        className={cn(
          "mt-5 font-semibold text-ink tracking-tight",
          level === 1 ? "text-2xl" : "text-base",
        )}
      >
        {title}
      </Heading>
      {description && (
        <div className="mt-1.5 max-w-md text-pretty text-ink-soft text-sm">{description}</div>
      )}
      {action && <div className="mt-6 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** Nothing here, why, and what to do about it. */
export function EmptyState(props: StateProps) {
  return <State {...props} blocked={false} />;
}

/** Something did not work or is not allowed, why, and what to do about it. */
export function ErrorState({ reference, ...props }: StateProps & { reference?: string }) {
  const t = useTranslations("common");
  const description = (
    <>
      {props.description}
      {reference && (
        <span className="mt-3 block text-ink-faint">
          {t.rich("reference", {
            reference,
            ...QUOTED,
          })}
        </span>
      )}
    </>
  );
  return <State {...props} description={description} blocked />;
}

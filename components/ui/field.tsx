import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { cn } from "@/components/ui/cn";
import { Sign } from "@/components/ui/sign";

type Described = { hint?: ReactNode; errors?: readonly string[] };

/** The attributes that tie a control to the hint and the errors of its field. */
export function fieldAttributes(id: string, { hint, errors }: Described) {
  const invalid = errors !== undefined && errors.length > 0;
  const describedBy = [hint ? `${id}-hint` : "", invalid ? `${id}-error` : ""].filter(Boolean);
  return {
    id,
    "aria-invalid": invalid || undefined,
    "aria-describedby": describedBy.length > 0 ? describedBy.join(" ") : undefined,
  };
}

export function FieldError({ id, errors }: { id: string; errors?: readonly string[] }) {
  if (!errors || errors.length === 0) return null;
  return (
    <p id={`${id}-error`} className="flex gap-1.5 text-danger text-sm">
      <Sign name="danger" className="mt-[3px] size-3.5 shrink-0" />
      <span>{errors.join(" ")}</span>
    </p>
  );
}

/** Label, control, hint and errors of one field. The control takes `fieldAttributes(id, …)`. */
export function Field({
  id,
  label,
  labelAside,
  hint,
  errors,
  optional = false,
  hideLabel = false,
  className,
  children,
}: Described & {
  id: string;
  label: ReactNode;
  /** Stands at the end of the label's line, for example a link "Forgot password?". */
  labelAside?: ReactNode;
  optional?: boolean;
  hideLabel?: boolean;
  className?: string;
  children: ReactNode;
}) {
  const t = useTranslations("common.form");
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", className)}>
      <div className={cn("flex items-baseline justify-between gap-4", hideLabel && "sr-only")}>
        <label htmlFor={id} className="font-medium text-ink text-sm">
          {label}
          {optional && <span className="ms-1.5 font-normal text-ink-faint">{t("optional")}</span>}
        </label>
        {labelAside && <span className="text-sm">{labelAside}</span>}
      </div>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-ink-faint text-sm">
          {hint}
        </p>
      )}
      <FieldError id={id} errors={errors} />
    </div>
  );
}

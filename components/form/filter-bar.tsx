import { type ReactNode, useId } from "react";
import { useTranslations } from "#translations";
import { FilterForm } from "@/components/form/filter-form";
import { Button } from "@/components/ui/button";
import { buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { Input, SearchInput, Select, type SelectOption } from "@/components/ui/input";
import { Link } from "@/components/ui/link";

/**
 * Narrows a list. A GET form: what is filtered stands in the address, can be
 * sent to a colleague, and works without script. Starting anew drops the cursor.
 */
export function FilterBar({
  action,
  label,
  keep,
  clearHref,
  children,
}: {
  /** The path of the list itself. */
  action: string;
  label?: string;
  /** Parameters that stay as they are, such as the sort order. */
  keep?: Record<string, string | undefined>;
  /** Where the list is unfiltered. Left out while nothing is filtered. */
  clearHref?: string;
  children: ReactNode;
}) {
  const t = useTranslations("common.filter");
  return (
    <FilterForm
      action={action}
      role="search"
      aria-label={label ?? t("label")}
      className="mb-4 flex flex-wrap items-end gap-x-3 gap-y-3"
    >
      {Object.entries(keep ?? {}).map(
        ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
      )}
      {children}
      <div className="flex gap-2">
        <Button type="submit">{t("apply")}</Button>
        {clearHref !== undefined && (
          <Link href={clearHref} className={buttonClass("ghost")}>
            {t("clear")}
          </Link>
        )}
      </div>
    </FilterForm>
  );
}

function Labelled({
  id,
  label,
  className,
  children,
}: {
  id: string;
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={cn("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="font-medium text-ink-soft text-xs">
        {label}
      </label>
      {children}
    </div>
  );
}

export function FilterSearch({
  name = "q",
  label,
  placeholder,
  value,
}: {
  name?: string;
  label?: string;
  placeholder?: string;
  value?: string;
}) {
  const t = useTranslations("common.filter");
  const id = useId();
  return (
    <Labelled id={id} label={label ?? t("search")} className="flex-1 basis-60 sm:max-w-sm">
      <SearchInput id={id} name={name} placeholder={placeholder} defaultValue={value} />
    </Labelled>
  );
}

export function FilterSelect({
  name,
  label,
  value,
  options,
  anyLabel,
}: {
  name: string;
  label: string;
  value?: string;
  options: readonly SelectOption[];
  anyLabel?: string;
}) {
  const t = useTranslations("common.filter");
  const id = useId();
  return (
    <Labelled id={id} label={label} className="min-w-36 max-sm:flex-1">
      <Select
        // React never changes the default of a select that is there.
        key={value}
        id={id}
        name={name}
        defaultValue={value ?? ""}
        options={[{ value: "", label: anyLabel ?? t("any") }, ...options]}
      />
    </Labelled>
  );
}

export function FilterDate({
  name,
  label,
  value,
}: {
  name: string;
  label: string;
  value?: string;
}) {
  const id = useId();
  return (
    <Labelled id={id} label={label} className="min-w-36 max-sm:flex-1">
      <Input id={id} name={name} type="date" defaultValue={value} className="figures" />
    </Labelled>
  );
}

import { Bookmark } from "lucide-react";
import type { ReactNode } from "react";
import { getTranslations } from "@/app/_locale/translations";
import { changeViewAction, saveViewAction } from "@/app/admin/_views/actions";
import { queryOf, viewHref } from "@/app/admin/_views/viewed-lists";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { Fold } from "@/components/form/fold";
import { SubmitButton } from "@/components/form/submit-button";
import { SelectField, TextField } from "@/components/form/text-field";
import { buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { Link } from "@/components/ui/link";
import { listOwnViews } from "@/lib/saved-views/own-views";
import { VIEW_NAME_LENGTH_MAX, type ViewedList } from "@/lib/saved-views/saved-view.schema";
import type { Caller } from "@/lib/shared/caller";

/** The caller's own views of a list, and the ways to save, rename and delete one. */
export async function SavedViews({
  caller,
  list,
  href,
}: {
  caller: Caller;
  list: ViewedList;
  /** The list as it is narrowed now, at its start. */
  href: string;
}) {
  const views = await listOwnViews(caller, list);
  const query = queryOf(href);
  if (views.length === 0 && query === "") return null;
  const t = await getTranslations("admin-views");
  const shown = views.map(({ parameters, ...view }) => ({
    ...view,
    href: viewHref(list, parameters),
  }));
  return (
    <section aria-label={t("label")} className="mb-4 flex flex-wrap items-start gap-2 text-sm">
      {shown.length > 0 && (
        <ul className="flex min-w-0 flex-wrap gap-2">
          {shown.map((view) => (
            <li key={view.id} className="min-w-0">
              <Link
                href={view.href}
                aria-current={view.href === href ? "true" : undefined}
                className={cn(
                  buttonClass("secondary", "sm", "max-w-full"),
                  view.href === href && "border-accent text-accent",
                )}
              >
                <Bookmark aria-hidden="true" />
                <span className="truncate">{view.name}</span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {query !== "" && !shown.some((view) => view.href === href) && (
        // The key empties what was typed for other filters.
        <FoldedForm key={`${query} ${shown.length}`} label={t("saveThis")} action={saveViewAction}>
          <input type="hidden" name="list" value={list} />
          <input type="hidden" name="query" value={query} />
          <NameField label={t("name")} hint={t("nameHint")} />
          <SubmitButton size="sm" className="self-start">
            {t("save")}
          </SubmitButton>
        </FoldedForm>
      )}
      {shown.length > 0 && (
        <FoldedForm label={t("edit")} action={changeViewAction}>
          <input type="hidden" name="list" value={list} />
          <SelectField name="id" label={t("view")}>
            {shown.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </SelectField>
          <NameField label={t("newName")} optional />
          <div className="flex gap-2">
            <SubmitButton size="sm" variant="secondary" name="change" value="rename">
              {t("rename")}
            </SubmitButton>
            <SubmitButton size="sm" variant="danger" name="change" value="delete">
              {t("delete")}
            </SubmitButton>
          </div>
        </FoldedForm>
      )}
    </section>
  );
}

/** The form is around the fold, so that what the server answers is never folded away. */
function FoldedForm({
  label,
  action,
  children,
}: {
  label: string;
  action: FormAction;
  children: ReactNode;
}) {
  return (
    <ActionForm action={action} aria-label={label} className="gap-2 has-[details[open]]:w-full">
      <Fold>
        <summary className={buttonClass("ghost", "sm", "list-none")}>{label}</summary>
        <div className="mt-2 flex max-w-lg flex-col gap-4 rounded-lg border border-line bg-surface p-5">
          {children}
        </div>
      </Fold>
    </ActionForm>
  );
}

const NameField = (props: { label: string; hint?: string; optional?: boolean }) => (
  <TextField name="name" maxLength={VIEW_NAME_LENGTH_MAX} autoComplete="off" {...props} />
);

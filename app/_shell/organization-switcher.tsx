import { Building2, Check } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { switchOrganizationAction } from "@/app/(account)/account/organizations/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { HIDDEN } from "@/components/ui/name";
import { TextLink } from "@/components/ui/text-link";

/** So many fit into the menu; the page has all. */
const SHOWN_MAX = 8;

const SHOWN = {
  shown: (words: ReactNode) => <span className="min-w-0 truncate">{words}</span>,
};

/** The organizations of the account in use, in its menu; nothing for whoever has only one (F81). */
export function OrganizationSwitcher({
  current,
  organizations,
}: {
  current: string;
  organizations: { id: string; name: string }[];
}) {
  const t = useTranslations("shell.organizations");
  const shared = useTranslations("auth.accounts");
  const navigation = useTranslations("shell.navigation");
  const others = organizations.filter(({ id }) => id !== current);
  if (others.length === 0) return null;
  const name = organizations.find(({ id }) => id === current)?.name;
  return (
    <details>
      <summary
        className={cn(
          buttonClass("ghost"),
          "h-9 w-full cursor-pointer list-none justify-start px-3",
        )}
      >
        <Building2 aria-hidden="true" className="me-1 text-ink-faint" />
        {t.rich("switchNow", {
          name: name ?? "",
          ...HIDDEN,
          ...SHOWN,
        })}
      </summary>
      <ul aria-label={navigation("organizations")} className="my-1 flex flex-col gap-0.5">
        <li className="flex h-9 items-center gap-2 px-3 text-sm">
          <Check aria-hidden="true" className="size-4 shrink-0 text-accent" />
          <span className="min-w-0 truncate font-medium">{name}</span>
          <span className="sr-only">{t("inUse")}</span>
        </li>
        {others.slice(0, SHOWN_MAX).map((organization) => (
          <li key={organization.id}>
            <ActionForm
              action={switchOrganizationAction}
              aria-label={shared("switchTo", { email: organization.name })}
            >
              <input type="hidden" name="id" value={organization.id} />
              <SubmitButton variant="ghost" className="h-auto w-full justify-start px-3 py-1.5">
                <span className="min-w-0 truncate ps-6">{organization.name}</span>
              </SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
      {others.length > SHOWN_MAX && (
        <p className="px-3 pb-2 text-ink-soft text-sm">
          <TextLink href="/account/organizations">
            {t("seeAll", { count: organizations.length })}
          </TextLink>
        </p>
      )}
    </details>
  );
}

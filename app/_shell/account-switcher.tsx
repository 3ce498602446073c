import { ChevronsUpDown, UserPlus } from "lucide-react";
import { useTranslations } from "#translations";
import {
  addAccountAction,
  signOutOfAllAction,
  switchAccountAction,
} from "@/app/(auth)/accounts/actions";
import { ActionForm } from "@/components/form/action-form";
import { SubmitButton } from "@/components/form/submit-button";
import { Avatar } from "@/components/ui/avatar";
import { buttonClass } from "@/components/ui/button-class";
import { cn } from "@/components/ui/cn";
import { TextLink } from "@/components/ui/text-link";
import type { KeptAccount } from "@/lib/sessions/resume-session";

/** The other accounts of this browser, in the menu of the one in use (F36). */
export function AccountSwitcher({ others }: { others: KeptAccount[] }) {
  const t = useTranslations("shell.accounts");
  const shared = useTranslations("auth.accounts");
  const ended = others.filter(({ live }) => live === null);
  return (
    <details>
      <summary
        className={cn(
          buttonClass("ghost"),
          "h-9 w-full cursor-pointer list-none justify-start px-3",
        )}
      >
        <ChevronsUpDown aria-hidden="true" className="me-1 text-ink-faint" />
        {t("switch")}
      </summary>
      <ul aria-label={t("others")} className="my-1 flex flex-col gap-0.5">
        {others.map(
          ({ keptAs, email, live }) =>
            live && (
              <li key={keptAs}>
                <ActionForm action={switchAccountAction} aria-label={shared("switchTo", { email })}>
                  <input type="hidden" name="account" value={keptAs} />
                  <SubmitButton variant="ghost" className="h-auto w-full justify-start px-3 py-1.5">
                    <Avatar name={live.name ?? email} size="sm" />
                    <span className="min-w-0 truncate">{email}</span>
                  </SubmitButton>
                </ActionForm>
              </li>
            ),
        )}
        <li>
          <ActionForm action={addAccountAction} aria-label={shared("add")}>
            <SubmitButton variant="ghost" className="h-9 w-full justify-start px-3">
              <UserPlus aria-hidden="true" className="me-1 text-ink-faint" />
              {shared("add")}
            </SubmitButton>
          </ActionForm>
        </li>
      </ul>
      {ended.length > 0 && (
        <p className="px-3 pb-2 text-ink-soft text-sm">
          {t("ended", { count: ended.length })} <TextLink href="/accounts">{t("seeAll")}</TextLink>
        </p>
      )}
      {others.length > 0 && (
        <ActionForm action={signOutOfAllAction} aria-label={shared("all")}>
          <SubmitButton variant="ghost" className="h-9 w-full justify-start px-3">
            {shared("signOutOfAll")}
          </SubmitButton>
        </ActionForm>
      )}
    </details>
  );
}

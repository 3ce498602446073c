import { redirect } from "next/navigation";
import { useTranslations } from "#translations";
import { requireCaller } from "@/app/_http/page";
import { getTranslations, titled } from "@/app/_locale/translations";
import { BrandedShell } from "@/app/(auth)/branded-shell";
import { answerDeviceAction, findDeviceAction } from "@/app/(auth)/device/actions";
import { ConfirmDevice } from "@/app/(auth)/device/confirm-device";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { ButtonLink } from "@/components/ui/button";
import { NAMED } from "@/components/ui/name";
import { findDeviceStep } from "@/lib/oidc/device-requests";
import type { Caller } from "@/lib/shared/caller";
import { HOME_PATH, stepUpPath } from "@/lib/shared/return-to";

export const generateMetadata = titled("auth.device");

type Search = Record<string, string | string[] | undefined>;

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;

/**
 * Where somebody signs in a device that has no browser of its own (F50). A code
 * that came with the address is filled in, and never sent by itself: whoever
 * follows a link must still look at their device (RFC 8628 §3.3.1, §5.4).
 */
export default async function DevicePage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const handle = textOf(search["request"]);
  const userCode = textOf(search["user_code"])?.slice(0, 20);
  const query = new URLSearchParams({
    ...(handle !== undefined && { request: handle }),
    ...(handle === undefined && userCode !== undefined && { user_code: userCode }),
  }).toString();
  const path = query === "" ? "/device" : `/device?${query}`;
  const caller = await requireCaller(path);
  const answered = textOf(search["answered"]);
  if (answered === "allow" || answered === "deny")
    return <Answered allowed={answered === "allow"} />;
  if (handle !== undefined) return <Asking caller={caller} handle={handle} path={path} />;
  const t = await getTranslations("auth.device");
  const shared = await getTranslations("auth");
  return (
    <BrandedShell title={t("title")} description={t("text")}>
      <FormAccount account={caller.principal.userId}>
        <ActionForm action={findDeviceAction} aria-label={t("title")}>
          <TextField
            name="shown"
            label={shared("fields.code")}
            hint={t("hint")}
            defaultValue={userCode}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            required
          />
          <SubmitButton className="w-full">{shared("links.continue")}</SubmitButton>
        </ActionForm>
      </FormAccount>
    </BrandedShell>
  );
}

async function Asking({ caller, handle, path }: { caller: Caller; handle: string; path: string }) {
  const next = await findDeviceStep(caller, handle);
  const t = await getTranslations("auth.device");
  const links = await getTranslations("auth.links");
  switch (next.step) {
    case "step-up":
      return redirect(stepUpPath(path, next.acr));
    case "unknown":
      return (
        <BrandedShell title={t("none")} description={t("noneText")}>
          <ButtonLink href="/device">{t("enter")}</ButtonLink>
        </BrandedShell>
      );
    case "impossible":
      return (
        <BrandedShell
          title={t("impossible", { name: next.clientName })}
          description={t("impossibleText")}
        >
          <ButtonLink href={HOME_PATH}>{links("goToAccount")}</ButtonLink>
        </BrandedShell>
      );
    case "confirm":
      return (
        <BrandedShell
          title={t("signIn", { name: next.clientName })}
          description={t.rich("actsFor", { ...NAMED, email: caller.principal.email })}
        >
          <FormAccount account={caller.principal.userId}>
            <ConfirmDevice device={next} handle={handle} action={answerDeviceAction} />
          </FormAccount>
        </BrandedShell>
      );
  }
}

function Answered({ allowed }: { allowed: boolean }) {
  const t = useTranslations("auth.device");
  return (
    <BrandedShell
      title={t(allowed ? "signedIn" : "turnedAway")}
      description={t(allowed ? "signedInText" : "turnedAwayText")}
    >
      <ButtonLink href="/account/apps">{t("seeApps")}</ButtonLink>
    </BrandedShell>
  );
}

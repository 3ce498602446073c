import type { ReactNode } from "react";
import { useTranslations } from "#translations";
import { wordsOfDevice } from "@/app/_locale/device-words";
import { AllowButtons } from "@/app/(auth)/allow-buttons";
import { ScopeList } from "@/app/(auth)/scope-list";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { Callout } from "@/components/ui/callout";
import { Code } from "@/components/ui/code";
import { RelativeTime } from "@/components/ui/relative-time";
import type { DeviceAsking } from "@/lib/oidc/device-requests";
import type { Translator } from "@/lib/platform/locale/translator";

/** Which device it is, and what it may do: enough to know that it is one's own. */
export function ConfirmDevice({
  device: { userCode, scopes, ip, userAgent, askedAt, sameNetwork },
  handle,
  action,
}: {
  device: DeviceAsking;
  handle: string;
  action: FormAction;
}) {
  const t = useTranslations("auth.device");
  return (
    <ActionForm action={action} aria-label={t("allowForm")}>
      <input type="hidden" name="request" value={handle} />
      <dl className="divide-y divide-line text-sm">
        <Fact term={t("shows")}>
          <Code>{userCode}</Code>
        </Fact>
        <Fact term={t("asked")}>
          <RelativeTime value={askedAt} />
        </Fact>
        <Fact term={t("saysItIs")}>{wordsOfDevice(userAgent, t)}</Fact>
        <Fact term={t("network")}>{networkWords(ip, sameNetwork, t)}</Fact>
      </dl>
      {!sameNetwork && <Callout tone="warning">{t("elsewhere")}</Callout>}
      <div>
        <p className="mb-2.5 text-ink-soft text-sm">{t("itMay")}</p>
        <ScopeList scopes={scopes} />
      </div>
      <AllowButtons />
    </ActionForm>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[5.5rem_1fr] gap-x-4 py-2.5 first:pt-0 last:pb-0">
      <dt className="text-ink-faint">{term}</dt>
      <dd className="figures min-w-0 text-ink [overflow-wrap:anywhere]">{children}</dd>
    </div>
  );
}

function networkWords(
  ip: string | null,
  sameNetwork: boolean,
  t: Translator<"auth.device">,
): string {
  if (ip === null) return t("unknownNetwork");
  return t(sameNetwork ? "sameNetwork" : "otherNetwork", { ip });
}

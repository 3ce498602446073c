import type { ReactNode } from "react";
import { AllowButtons } from "@/app/(auth)/allow-buttons";
import { ScopeList } from "@/app/(auth)/scope-list";
import { ActionForm, type FormAction } from "@/components/form/action-form";
import { Callout } from "@/components/ui/callout";
import { Code } from "@/components/ui/code";
import { RelativeTime } from "@/components/ui/relative-time";
import type { DeviceAsking } from "@/lib/oidc/device-requests";
import { describeUserAgent } from "@/lib/shared/user-agent";

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
  return (
    <ActionForm action={action} aria-label="Allow this device">
      <input type="hidden" name="request" value={handle} />
      <dl className="divide-y divide-line text-sm">
        <Fact term="Shows">
          <Code>{userCode}</Code>
        </Fact>
        <Fact term="Asked">
          <RelativeTime value={askedAt} />
        </Fact>
        <Fact term="Says it is">{describeUserAgent(userAgent)}</Fact>
        <Fact term="Network">{networkWords(ip, sameNetwork)}</Fact>
      </dl>
      {!sameNetwork && (
        <Callout tone="warning">
          This device is somewhere else. Allow it only if you see this code on a device of your own,
          and nobody sent it to you.
        </Callout>
      )}
      <div>
        <p className="mb-2.5 text-ink-soft text-sm">It may then:</p>
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

function networkWords(ip: string | null, sameNetwork: boolean): string {
  if (sameNetwork) return `${ip}, the network that you are in`;
  return ip === null ? "Unknown" : `${ip}, not the network that you are in`;
}

import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { answerDeviceAction, findDeviceAction } from "@/app/(auth)/device/actions";
import { ConfirmDevice } from "@/app/(auth)/device/confirm-device";
import { ActionForm } from "@/components/form/action-form";
import { FormAccount } from "@/components/form/form-account";
import { SubmitButton } from "@/components/form/submit-button";
import { TextField } from "@/components/form/text-field";
import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";
import { findDeviceStep } from "@/lib/oidc/device-requests";
import type { Caller } from "@/lib/shared/caller";
import { HOME_PATH, stepUpPath } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Sign in a device" };

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
  return (
    <AuthShell
      title="Sign in a device"
      description="Enter the code that your television, console or terminal shows."
    >
      <FormAccount account={caller.principal.userId}>
        <ActionForm action={findDeviceAction} aria-label="Sign in a device">
          <TextField
            name="shown"
            label="Code"
            hint="Eight letters, such as BCDF-GHJK."
            defaultValue={userCode}
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            required
          />
          <SubmitButton className="w-full">Continue</SubmitButton>
        </ActionForm>
      </FormAccount>
    </AuthShell>
  );
}

async function Asking({ caller, handle, path }: { caller: Caller; handle: string; path: string }) {
  const next = await findDeviceStep(caller, handle);
  switch (next.step) {
    case "step-up":
      return redirect(stepUpPath(path, next.acr));
    case "unknown":
      return (
        <AuthShell
          title="No device waits for this"
          description="It has been answered, or its code is too old. If the device shows another code, enter that one."
        >
          <ButtonLink href="/device">Enter a code</ButtonLink>
        </AuthShell>
      );
    case "impossible":
      return (
        <AuthShell
          title={`${next.clientName} cannot be signed in`}
          description="It asks for another account, for a kind of sign-in that nobody here has, or for nothing at all. Tell the people who run it."
        >
          <ButtonLink href={HOME_PATH}>Go to your account</ButtonLink>
        </AuthShell>
      );
    case "confirm":
      return (
        <AuthShell
          title={`Sign in ${next.clientName}?`}
          description={
            <>
              It then acts for{" "}
              <strong className="wrap-anywhere font-medium text-ink">
                {caller.principal.email}
              </strong>
              .
            </>
          }
        >
          <FormAccount account={caller.principal.userId}>
            <ConfirmDevice device={next} handle={handle} action={answerDeviceAction} />
          </FormAccount>
        </AuthShell>
      );
  }
}

function Answered({ allowed }: { allowed: boolean }) {
  return (
    <AuthShell
      title={allowed ? "Your device is signed in" : "The device was turned away"}
      description={
        allowed
          ? "Go back to it: it goes on by itself in a few seconds. You can take this back at any time."
          : "It gets nothing of yours. If you did not ask for it yourself, somebody may have sent you their code: they cannot use it any more."
      }
    >
      <ButtonLink href="/account/apps">See your apps</ButtonLink>
    </AuthShell>
  );
}

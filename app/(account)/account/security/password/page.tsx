import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { requireCaller } from "@/app/_http/page";
import { ChangePasswordForm } from "@/app/(account)/account/security/change-password-form";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { expiredPasswordPath, safeReturnTo } from "@/lib/shared/return-to";

export const metadata: Metadata = { title: "Your password has expired" };

interface Search {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Where somebody is held whose password is older than their organization allows (F15). */
export default async function ExpiredPasswordPage({ searchParams }: Search) {
  const returnTo = safeReturnTo((await searchParams)["returnTo"]);
  const caller = await requireCaller(expiredPasswordPath(returnTo), { during: "password" });
  if (!caller.principal.passwordExpired) redirect(returnTo);
  return (
    <>
      <PageHeader
        title="Your password has expired"
        description="Your organization asks for a new one from time to time. Choose it to go on."
      />
      <Section title="New password">
        <ChangePasswordForm email={caller.principal.email} returnTo={returnTo} />
      </Section>
    </>
  );
}

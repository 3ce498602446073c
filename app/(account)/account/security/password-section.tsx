import { ChangePasswordForm } from "@/app/(account)/account/security/change-password-form";
import { Section } from "@/components/ui/card";
import { TextLink } from "@/components/ui/text-link";

/** The password of the page's user: a change of it, or the way to a first one. */
export function PasswordSection({ enrolled, email }: { enrolled: boolean; email: string }) {
  return (
    <Section
      title="Password"
      description={
        enrolled
          ? "A change ends your sessions on every other device."
          : "You have none. To set one, ask for a link to your email address."
      }
    >
      {enrolled ? (
        <ChangePasswordForm email={email} />
      ) : (
        <p className="text-sm">
          <TextLink href="/reset-password">Ask for a link</TextLink>
        </p>
      )}
    </Section>
  );
}

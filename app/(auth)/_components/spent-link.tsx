import { AuthShell } from "@/components/layout/auth-shell";
import { ButtonLink } from "@/components/ui/button";

const WORDS = {
  used: ["This link has been used", "It works once. If it was you, everything is done."],
  replaced: ["A newer link was sent", "Only the newest works. Look for a later mail from us."],
  expired: ["This link has expired", "Ask for a new one: links work for a limited time only."],
  unknown: ["This link does not work", "It may have been cut off on its way. Open it as it came."],
} as const;

/** What a link that opens nothing any more leads to. */
export function SpentLink({
  state,
  again,
}: {
  state: keyof typeof WORDS;
  again: { href: string; label: string };
}) {
  const [title, description] = WORDS[state];
  return (
    <AuthShell title={title} description={description}>
      <div className="flex flex-wrap gap-3">
        <ButtonLink href="/sign-in" variant="primary">
          Go to sign in
        </ButtonLink>
        <ButtonLink href={again.href}>{again.label}</ButtonLink>
      </div>
    </AuthShell>
  );
}

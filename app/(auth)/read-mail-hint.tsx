import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import { mailsAreReadable } from "@/lib/platform/mail/readable-mail";

/** Where mails go that no SMTP server takes, on a machine of one's own. */
export function ReadMailHint() {
  if (!mailsAreReadable()) return null;
  return (
    <Callout title="No mail server is set up">
      <p>
        On this machine you can read what would have been sent at{" "}
        <TextLink href="/dev/mail">/dev/mail</TextLink>.
      </p>
    </Callout>
  );
}

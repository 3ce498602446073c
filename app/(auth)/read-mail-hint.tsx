import { Callout } from "@/components/ui/callout";
import { TextLink } from "@/components/ui/text-link";
import { mailsAreReadable } from "@/lib/platform/mail/readable-mail";
import { smsSender } from "@/lib/platform/sms/sms-senders";

/** Where messages go that nobody sends, on a machine of one's own. */
export function ReadMailHint({ channel = "mail" }: { channel?: "mail" | "sms" }) {
  const isReadable = channel === "mail" ? mailsAreReadable() : smsSender()?.readAt === "dev-mail";
  if (!isReadable) return null;
  return (
    <Callout
      title={
        channel === "mail"
          ? "No mail server is set up"
          : "Nothing that sends text messages is set up"
      }
    >
      <p>
        On this machine you can read what would have been sent at{" "}
        <TextLink href="/dev/mail">/dev/mail</TextLink>.
      </p>
    </Callout>
  );
}

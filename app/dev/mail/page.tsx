import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { BarePage } from "@/components/layout/bare-page";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { askedHost } from "@/lib/platform/http/lane";
import { listReadableMails } from "@/lib/platform/mail/readable-mail";

export const metadata: Metadata = { title: "Mail on this machine" };

export default async function DevMailPage() {
  const incoming = await headers();
  const mails = await listReadableMails(askedHost((name) => incoming.get(name)));
  if (mails === null) notFound();
  return (
    <BarePage>
      <div className="mx-auto w-full max-w-3xl self-start">
        <PageHeader
          title="Mail on this machine"
          description="No SMTP server is set up, so mails are kept here instead of being sent. Newest first."
        />
        {mails.length === 0 ? (
          <EmptyState title="No mail yet" description="Sign up, and the first one is here." />
        ) : (
          <ul className="space-y-4">
            {mails.map((mail) => (
              <li key={mail.id}>
                <Card className="space-y-3 p-5">
                  <p className="flex flex-wrap justify-between gap-2 text-ink-soft text-sm">
                    <span>To {mail.recipient}</span>
                    <RelativeTime value={mail.createdAt} />
                  </p>
                  <h2 className="font-semibold text-ink">{mail.subject}</h2>
                  <MailText text={mail.text} />
                </Card>
              </li>
            ))}
          </ul>
        )}
      </div>
    </BarePage>
  );
}

/** The text of a mail with its links as links. */
function MailText({ text }: { text: string }) {
  return (
    <div className="whitespace-pre-wrap text-ink-soft text-sm [overflow-wrap:anywhere]">
      {text.split(/(https?:\/\/\S+)/).map((part, index) =>
        index % 2 === 1 ? (
          <TextLink key={part} href={part} prefetch={false}>
            {part}
          </TextLink>
        ) : (
          part
        ),
      )}
    </div>
  );
}

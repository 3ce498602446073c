import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { requestFacts } from "@/app/_http/caller";
import { renderSample, SAMPLE_MAILS, SAMPLE_PREFIX } from "@/app/dev/mail/sample-mails";
import { BarePage } from "@/components/layout/bare-page";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { RelativeTime } from "@/components/ui/relative-time";
import { TextLink } from "@/components/ui/text-link";
import { askedHost } from "@/lib/platform/http/lane";
import { listReadableMails } from "@/lib/platform/mail/readable-mail";

export const metadata: Metadata = { title: "Mail on this machine" };

interface ShownMail {
  id: string;
  channel: "mail" | "sms";
  subject: string;
  text: string;
  /** Neither is there for a sample, which was written to nobody. */
  recipient?: string;
  createdAt?: Date;
}

export default async function DevMailPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const incoming = await headers();
  const queued = await listReadableMails(askedHost((name) => incoming.get(name)));
  if (queued === null) notFound();
  const asksForSamples = (await searchParams).samples !== undefined;
  const mails: ShownMail[] = asksForSamples ? await renderSamples() : queued;
  return (
    <BarePage>
      <div className="mx-auto w-full max-w-6xl self-start">
        {asksForSamples ? (
          <PageHeader
            title="Samples of every mail"
            description="What this installation writes, with made-up contents. No link in them opens anything."
            actions={<TextLink href="/dev/mail">Mail on this machine</TextLink>}
          />
        ) : (
          <PageHeader
            title="Mail on this machine"
            description="No SMTP server is set up, so mails are kept here instead of being sent, and text messages with them. Newest first."
            actions={<TextLink href="/dev/mail?samples=1">Samples of every mail</TextLink>}
          />
        )}
        {mails.length === 0 ? (
          <EmptyState title="No mail yet" description="Sign up, and the first one is here." />
        ) : (
          <ul className="space-y-4">
            {mails.map((mail) => (
              <li key={mail.id}>
                {mail.channel === "sms" ? <SmsCard message={mail} /> : <MailCard mail={mail} />}
              </li>
            ))}
          </ul>
        )}
      </div>
    </BarePage>
  );
}

async function renderSamples(): Promise<ShownMail[]> {
  const { locale } = await requestFacts();
  return Promise.all(
    [...SAMPLE_MAILS].map(async ([kind, draft]) => {
      const { subject, text } = await renderSample(draft, locale);
      return { id: `${SAMPLE_PREFIX}${kind}`, channel: "mail", subject, text };
    }),
  );
}

function SmsCard({ message: { recipient, createdAt, text } }: { message: ShownMail }) {
  return (
    <Card className="space-y-3 p-5">
      {recipient && createdAt && (
        <p className="flex flex-wrap justify-between gap-2 text-ink-soft text-sm">
          <span>Text message to {recipient}</span>
          <RelativeTime value={createdAt} />
        </p>
      )}
      <MailText text={text} />
    </Card>
  );
}

/** The text, whose links work, and beside it what most readers see. */
function MailCard({ mail }: { mail: ShownMail }) {
  return (
    <Card className="grid overflow-clip lg:grid-cols-[minmax(0,5fr)_minmax(0,6fr)]">
      <div className="space-y-3 p-5">
        {mail.recipient && mail.createdAt && (
          <p className="flex flex-wrap justify-between gap-2 text-ink-soft text-sm">
            <span className="[overflow-wrap:anywhere]">To {mail.recipient}</span>
            <RelativeTime value={mail.createdAt} />
          </p>
        )}
        <h2 className="font-semibold text-ink [overflow-wrap:anywhere]">{mail.subject}</h2>
        <MailText text={mail.text} />
      </div>
      <iframe
        src={`/dev/mail/${mail.id}`}
        title={`“${mail.subject}” as it is seen`}
        sandbox=""
        loading="lazy"
        className="h-136 w-full border-line border-t bg-paper lg:border-t-0 lg:border-s"
      />
    </Card>
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

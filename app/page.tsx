import type { Metadata } from "next";
import type { ReactNode } from "react";
import { Enfilade } from "@/components/layout/enfilade";
import { Wordmark } from "@/components/layout/wordmark";
import { ButtonLink } from "@/components/ui/button";
import { Code, CodeBlock } from "@/components/ui/code";
import { SkipLink } from "@/components/ui/skip-link";
import { ThemeToggle } from "@/components/ui/theme-toggle";

export const metadata: Metadata = { title: { absolute: "Own your sign-in · Gatehouse" } };

const REQUEST_PATH = [
  {
    question: "Who is this?",
    answer: "The session row: user, device, expiry, revoked or not.",
    refusal: "401",
  },
  {
    question: "What may they do?",
    answer: "Their roles and permissions, as they are at this moment.",
    refusal: "403",
  },
  {
    question: "With this record?",
    answer: "Its organization and owner. What you may not know of does not exist.",
    refusal: "404",
  },
] as const;

const WORKS_TODAY = [
  {
    term: "Sign-in",
    text: "Passkeys, passwords hashed with argon2id, a code or a link by mail, and Google, GitHub or any OpenID provider that you connect. Limits slow guessing down.",
  },
  {
    term: "Second factors",
    text: "Passkeys, authenticator apps, codes by text message and recovery codes. An organization or a role asks for one, and what matters asks again.",
  },
  {
    term: "OpenID Connect",
    text: "Your apps sign people in through it: authorization code with PKCE, devices, refresh, token exchange and logout, for clients that you register or that register themselves.",
  },
  {
    term: "Sessions",
    text: "Everyone sees where they are signed in and can end any session. It ends on the next request.",
  },
  {
    term: "Roles and permissions",
    text: "Permissions are declared in code beside the feature that checks them. Roles are data that you edit while the program runs.",
  },
  {
    term: "Admin panel",
    text: "Users, roles and a permission matrix, clients, connections, claims, keys and the rules of sign-in. Nobody can grant what they do not hold, or remove the last administrator.",
  },
  {
    term: "API",
    text: "What the pages do, programs do at /api/v1: as a user by an app or a personal access token, or as a service account with roles of its own.",
  },
  {
    term: "Audit",
    text: "Every change writes its event in the same transaction: who, what, from where, before and after.",
  },
] as const;

function Part({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-x-16 gap-y-8 border-line py-16 [&+&]:border-t lg:grid-cols-[20rem_minmax(0,1fr)] lg:py-20">
      <div className="space-y-3">
        <h2 className="font-semibold text-2xl text-ink tracking-tight">{title}</h2>
        <div className="text-pretty text-ink-soft">{lead}</div>
      </div>
      {children}
    </section>
  );
}

export default function LandingPage() {
  return (
    <div className="mx-auto max-w-6xl px-4 sm:px-8">
      <SkipLink />
      <header className="flex h-18 items-center justify-between">
        <Wordmark />
        <ThemeToggle />
      </header>

      <main id="main" tabIndex={-1} className="outline-none">
        <section className="grid items-end gap-x-16 gap-y-14 border-ink border-b pt-12 lg:grid-cols-[minmax(0,1fr)_26rem] lg:pt-16">
          <div className="space-y-7 lg:pb-28">
            <h1 className="max-w-[14ch] font-semibold text-5xl text-ink leading-[1.02] tracking-tighter sm:text-6xl xl:text-7xl">
              Own your sign-in
            </h1>
            <p className="max-w-[34rem] text-pretty text-ink-soft text-lg leading-relaxed">
              Gatehouse is identity and access in one Next.js program that you host yourself. People
              sign in through it, administrators run users and roles in it, and your features ask it
              what each person may do.
            </p>
            <div className="flex flex-wrap gap-3">
              <ButtonLink href="/sign-in" variant="primary" className="h-11 px-5">
                Sign in
              </ButtonLink>
              <ButtonLink href="/sign-up" className="h-11 px-5">
                Create account
              </ButtonLink>
            </div>
          </div>
          <Enfilade className="mx-auto max-w-[26rem] max-lg:max-w-[21rem]" />
        </section>

        <Part
          title="Identity in the session, permissions in the database"
          lead="The cookie holds one opaque secret and no role. Each request asks the database, so a revoked session or a changed role counts from the very next one."
        >
          <ol className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
            {REQUEST_PATH.map((step) => (
              <li
                key={step.question}
                className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-6 gap-y-1 border-line border-b px-5 py-4 sm:grid-cols-[11rem_minmax(0,1fr)_auto] sm:px-6"
              >
                <span className="font-medium text-ink">{step.question}</span>
                <span className="text-ink-soft text-sm max-sm:col-span-2 max-sm:row-start-2">
                  {step.answer}
                </span>
                <span className="font-mono text-danger text-sm">
                  <span className="text-ink-faint">no </span>
                  {step.refusal}
                </span>
              </li>
            ))}
            <li className="flex items-baseline justify-between bg-accent-wash px-5 py-4 sm:px-6">
              <span className="font-medium text-accent">The page or the record</span>
              <span className="font-mono text-accent text-sm">200</span>
            </li>
          </ol>
        </Part>

        <Part title="What works today" lead="Everything here is in the version you run.">
          <dl className="divide-y divide-line">
            {WORKS_TODAY.map((item) => (
              <div
                key={item.term}
                className="grid gap-x-8 gap-y-1 py-4 first:pt-0 last:pb-0 sm:grid-cols-[11rem_minmax(0,1fr)]"
              >
                <dt className="font-medium text-ink">{item.term}</dt>
                <dd className="text-pretty text-ink-soft text-sm leading-relaxed">{item.text}</dd>
              </div>
            ))}
          </dl>
        </Part>

        <Part
          title="Run it"
          lead={
            <>
              You need Node and npm. Without a <Code>DATABASE_URL</Code> it brings its own
              PostgreSQL.
            </>
          }
        >
          <div className="space-y-4">
            <CodeBlock label="start command" code="npm start" />
            <p className="text-pretty text-ink-soft text-sm leading-relaxed">
              It installs what is missing, generates secrets, applies migrations, builds, and
              serves. On an empty database it prints a one-time link that makes you the first
              administrator.
            </p>
          </div>
        </Part>
      </main>

      <footer className="border-line border-t py-8 text-ink-faint text-sm">
        Gatehouse is open source under the Apache License 2.0.
      </footer>
    </div>
  );
}

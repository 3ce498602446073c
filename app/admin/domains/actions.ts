"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { DOMAINS_PATH } from "@/app/admin/domains/address";
import { AddDomainForm, DomainForm } from "@/app/admin/domains/forms.schema";
import { FAILURES } from "@/app/admin/domains/words";
import { authorityRefusal } from "@/app/admin/refusals";
import {
  type AutoJoinChange,
  addDomain,
  removeDomain,
  setAutoJoin,
  verifyDomain,
} from "@/lib/domains/manage-domains";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const GONE = "This domain is not here any more: somebody removed it.";

function done(message: string): FormState {
  revalidatePath(DOMAINS_PATH);
  return { status: "success", message };
}

export async function addDomainAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, AddDomainForm, async (caller, { domain }) => {
    const result = await addDomain(caller, domain);
    if (result.outcome === "added") return done(`${domain} is added. Verify it next.`);
    switch (result.reason) {
      case "domain-taken":
        return fieldError("domain", "This domain is in the list already.");
      case "free-mail":
        return fieldError("domain", "Anybody can have an address there, so it can be nobody’s.");
      case "public-suffix":
        return fieldError(
          "domain",
          "Anybody registers names below it. Enter your own, like example.com.",
        );
      case "too-many-domains":
        return formError("There are as many domains as there can be.");
    }
  });
}

export async function verifyDomainAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DomainForm, async (caller, { id }) => {
    const result = await verifyDomain(caller, id);
    // What was found is part of the page, too.
    revalidatePath(DOMAINS_PATH);
    switch (result.outcome) {
      case "verified":
        return done(`${result.domain.domain} is verified.`);
      case "not-found":
        return formError(GONE);
      case "limited":
        return formError("Records were looked for very often. Wait a while, then try again.");
      case "rejected":
        return formError(`Not verified: ${FAILURES[result.reason]}.`);
    }
  });
}

function joined(result: AutoJoinChange): FormState {
  if (result.outcome === "changed") {
    const { domain, autoJoin } = result.domain;
    return done(
      autoJoin
        ? `Whoever confirms an address at ${domain} becomes a member from now on.`
        : `Nobody becomes a member by ${domain} any more.`,
    );
  }
  if (result.outcome === "not-found") return formError(GONE);
  if (result.reason === "unverified") {
    return formError("This domain is not verified. Verify it first.");
  }
  return authorityRefusal(result);
}

export async function startJoiningAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DomainForm, async (caller, { id }) =>
    joined(await setAutoJoin(caller, id, true)),
  );
}

export async function stopJoiningAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DomainForm, async (caller, { id }) =>
    joined(await setAutoJoin(caller, id, false)),
  );
}

export async function removeDomainAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DomainForm, async (caller, { id }) => {
    const result = await removeDomain(caller, id);
    if (result.outcome === "not-found") return formError(GONE);
    return done(`${result.domain} is removed.`);
  });
}

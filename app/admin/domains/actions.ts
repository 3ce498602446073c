"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { DOMAINS_PATH } from "@/app/admin/domains/address";
import { AddDomainForm, DomainForm } from "@/app/admin/domains/forms.schema";
import { authorityRefusal } from "@/app/admin/refusals";
import {
  type AutoJoinChange,
  addDomain,
  removeDomain,
  setAutoJoin,
  verifyDomain,
} from "@/lib/domains/manage-domains";
import { type FormState, fieldError, formError } from "@/lib/shared/form-state";

const words = () => getTranslations("admin-domains.said");

function done(message: string): FormState {
  revalidatePath(DOMAINS_PATH);
  return { status: "success", message };
}

export async function addDomainAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, AddDomainForm, async (caller, { domain }) => {
    const result = await addDomain(caller, domain);
    const t = await words();
    if (result.outcome === "added") return done(t("added", { domain }));
    switch (result.reason) {
      case "domain-taken":
        return fieldError("domain", t("taken"));
      case "free-mail":
        return fieldError("domain", t("freeMail"));
      case "public-suffix":
        return fieldError("domain", t("publicSuffix"));
      case "too-many-domains":
        return formError(t("tooMany"));
    }
  });
}

export async function verifyDomainAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, DomainForm, async (caller, { id }) => {
    const result = await verifyDomain(caller, id);
    const t = await getTranslations("admin-domains");
    // What was found is part of the page, too.
    revalidatePath(DOMAINS_PATH);
    switch (result.outcome) {
      case "verified":
        return done(t("said.verified", { domain: result.domain.domain }));
      case "not-found":
        return formError(t("said.gone"));
      case "limited":
        return formError(t("said.limited"));
      case "rejected":
        return formError(t("said.rejected", { failure: t(`failures.${result.reason}`) }));
    }
  });
}

async function joined(result: AutoJoinChange): Promise<FormState> {
  const t = await words();
  if (result.outcome === "changed") {
    const { domain, autoJoin } = result.domain;
    return done(t(autoJoin ? "joining" : "notJoining", { domain }));
  }
  if (result.outcome === "not-found") return formError(t("gone"));
  if (result.reason === "unverified") {
    return formError(t("notVerified"));
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
    const t = await words();
    if (result.outcome === "not-found") return formError(t("gone"));
    return done(t("removed", { domain: result.domain }));
  });
}

"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { NewTokenForm, TokenForm } from "@/app/(account)/account/tokens/forms.schema";
import { API_READ, API_WRITE } from "@/lib/oidc/scopes";
import { createToken, revokeOwnToken, TOKENS_MAX } from "@/lib/personal-tokens/own-tokens";
import type { FormState } from "@/lib/shared/form-state";

const TOKENS_PATH = "/account/tokens";

export async function createTokenAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, NewTokenForm, async (caller, { name, lifetimeDays, read, write }) => {
    const scopes = [...(read ? [API_READ] : []), ...(write ? [API_WRITE] : [])];
    const result = await createToken(caller, { name, scopes, lifetimeDays });
    const t = await getTranslations("account.tokens");
    if (result.outcome === "rejected") {
      if (result.reason === "signed-out") redirect("/sign-in");
      return { status: "error", message: t("tooMany", { count: TOKENS_MAX }) };
    }
    revalidatePath(TOKENS_PATH);
    return {
      status: "success",
      message: t("isMade", { name: result.token.name }),
      reveal: [result.secret],
    };
  });
}

export async function revokeTokenAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, TokenForm, async (caller, { tokenId }) => {
    const t = await getTranslations("account.tokens");
    const revoked = await revokeOwnToken(caller, tokenId);
    revalidatePath(TOKENS_PATH);
    return {
      status: "success",
      message: t(revoked ? "isRevoked" : "wasGone"),
    };
  });
}

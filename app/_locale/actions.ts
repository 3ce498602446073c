"use server";

import { cookies } from "next/headers";
import { runPublicAction } from "@/app/_http/action";
import { LanguageForm } from "@/app/_locale/forms.schema";
import { getConfig } from "@/lib/platform/config";
import { days } from "@/lib/shared/duration";
import type { FormState } from "@/lib/shared/form-state";
import { LOCALE_COOKIE } from "@/lib/shared/locale";

/** Chooses the language of this browser; whoever is signed in and has set one keeps theirs. */
export async function chooseLanguageAction(
  _previous: FormState,
  form: FormData,
): Promise<FormState> {
  return runPublicAction(form, LanguageForm, async ({ locale }) => {
    (await cookies()).set(LOCALE_COOKIE, locale, {
      // A page that cannot be rendered at all reads it with script, to say so in this language.
      httpOnly: false,
      sameSite: "lax",
      secure: getConfig().secureCookies,
      path: "/",
      maxAge: days(365),
    });
    return { status: "idle" };
  });
}

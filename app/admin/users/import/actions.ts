"use server";

import { revalidatePath } from "next/cache";
import { redirect } from "next/navigation";
import { runAction } from "@/app/_http/action";
import { getTranslations } from "@/app/_locale/translations";
import { authorityRefusal, unknownRole } from "@/app/admin/refusals";
import { importPath } from "@/app/admin/users/import/address";
import { ApplyImportForm, ImportFileForm } from "@/app/admin/users/import/forms.schema";
import { type FormState, fieldError, formError, IDLE } from "@/lib/shared/form-state";
import { applyImport, type ImportStep } from "@/lib/user-imports/apply-import";
import { checkImport } from "@/lib/user-imports/check-import";

export async function checkImportAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ImportFileForm, async (caller, input) => {
    const file = form.get("file");
    const bytes =
      file instanceof File ? new Uint8Array(await file.arrayBuffer()) : new Uint8Array();
    // Also without a file: whoever may import nothing is told that, and nothing else.
    const result = await checkImport(caller, { ...input, bytes });
    if (result.outcome === "rejected") {
      const t = await getTranslations("admin-user-imports.answers");
      return fieldError("file", bytes.length === 0 ? t("choose") : result.problem);
    }
    redirect(importPath(result.id));
  });
}

/** One answer comes within seconds, so that it can be seen how far the import is. */
const ANSWER_WITHIN_MS = 3_000;

/** Applies the next rows for a few seconds; the page asks again until the import is finished. */
export async function applyImportAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, ApplyImportForm, async (caller, { id, skipBad }) => {
    const until = performance.now() + ANSWER_WITHIN_MS;
    let step: ImportStep;
    do {
      step = await applyImport(caller, id, { skipBad });
      if (step.outcome !== "applied") return refusalOf(step);
    } while (step.progress.state !== "finished" && performance.now() < until);
    revalidatePath("/", "layout");
    const { state, createdCount } = step.progress;
    if (state !== "finished") return IDLE;
    const t = await getTranslations("admin-user-imports.answers");
    return { status: "success", message: t("created", { count: createdCount }) };
  });
}

async function refusalOf(step: Exclude<ImportStep, { outcome: "applied" }>): Promise<FormState> {
  const t = await getTranslations("admin-user-imports.answers");
  if (step.outcome === "not-found") return formError(t("gone"));
  switch (step.reason) {
    case "bad-rows":
      return fieldError("skipBad", t("badRows"));
    case "unknown-role":
      return unknownRole();
    default:
      return authorityRefusal(step);
  }
}

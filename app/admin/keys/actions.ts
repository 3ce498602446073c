"use server";

import { revalidatePath } from "next/cache";
import { runAction } from "@/app/_http/action";
import { RotationForm } from "@/app/admin/keys/forms.schema";
import { rotateKeys } from "@/lib/keys/rotate-keys";
import type { FormState } from "@/lib/shared/form-state";

const KEYS_PATH = "/admin/keys";

export async function rotateKeysAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RotationForm, async (caller) => {
    const result = await rotateKeys(caller, { compromised: false });
    if (result.outcome === "too-early") {
      return {
        status: "error",
        message:
          "The waiting keys were published less than an hour ago, so some apps may not know them yet. Try again later.",
      };
    }
    revalidatePath(KEYS_PATH);
    return { status: "success", message: "The waiting keys sign from now on." };
  });
}

export async function retireKeysAction(_previous: FormState, form: FormData): Promise<FormState> {
  return runAction(form, RotationForm, async (caller) => {
    await rotateKeys(caller, { compromised: true });
    revalidatePath(KEYS_PATH);
    return { status: "success", message: "All former keys are retired, and new ones sign." };
  });
}

import { ACCOUNT_FIELD } from "@/lib/shared/form-state";

/** What was typed, kept in this tab while its user proves again who they are (F22). Never a secret. */

/** By its account too: what one typed is not for the next whom the tab shows (F36). */
function keyOf(form: HTMLFormElement): string {
  const field = form.elements.namedItem(ACCOUNT_FIELD);
  const account = field instanceof HTMLInputElement ? field.value : "";
  const name = form.getAttribute("aria-label") ?? form.id;
  return `gatehouse:form:${account}:${window.location.pathname}:${name}`;
}

export function keepForm(form: HTMLFormElement, values: Record<string, string>): void {
  try {
    window.sessionStorage.setItem(keyOf(form), JSON.stringify(values));
  } catch {
    // A browser that stores nothing loses what was typed, and nothing else.
  }
}

function takeKept(form: HTMLFormElement): Map<string, string> {
  try {
    const kept = window.sessionStorage.getItem(keyOf(form));
    window.sessionStorage.removeItem(keyOf(form));
    return new Map(Object.entries(JSON.parse(kept ?? "{}") as Record<string, string>));
  } catch {
    return new Map();
  }
}

/** Puts what was kept back into the form's fields, once. True when there was something. */
export function restoreForm(form: HTMLFormElement): boolean {
  const values = takeKept(form);
  if (values.size === 0) return false;
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      field.checked = values.get(field.name) === field.value;
    } else if (
      (field instanceof HTMLInputElement && field.type !== "hidden" && field.type !== "password") ||
      field instanceof HTMLTextAreaElement ||
      field instanceof HTMLSelectElement
    ) {
      field.value = values.get(field.name) ?? field.value;
    }
  }
  return true;
}

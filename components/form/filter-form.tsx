"use client";

import Form from "next/form";
import type { ComponentProps } from "react";

/** An address names only what narrows the list: a field that was left empty says nothing. */
function leaveOutEmpty({ formData }: FormDataEvent): void {
  const entries = Array.from(formData);
  for (const [name, value] of entries) if (value === "") formData.delete(name);
}

function watch(form: HTMLFormElement): () => void {
  form.addEventListener("formdata", leaveOutEmpty);
  return () => form.removeEventListener("formdata", leaveOutEmpty);
}

/** A GET form. Without script the browser sends empty fields too, and the page reads past them. */
export function FilterForm(props: Omit<ComponentProps<typeof Form>, "ref">) {
  return <Form {...props} ref={watch} />;
}

"use client";

import { useContext, useState } from "react";
import { FormContext } from "@/components/form/form-context";

/**
 * Sends along which version the person is editing, and keeps to it: the page
 * may be rendered anew with somebody else's changes while words are being typed
 * over the old ones. Only the person's own save moves it on, and an answer that
 * has shown the stored values beside the typed ones.
 */
export function VersionField({ version }: { version: number }) {
  const { state } = useContext(FormContext);
  const [answered, setAnswered] = useState(state);
  const [edited, setEdited] = useState(version);
  if (state !== answered) {
    setAnswered(state);
    if (state.status === "success") setEdited(version);
  }
  const returned = state.status === "error" ? (state.stored ?? state.values)?.version : undefined;
  return <input type="hidden" name="version" value={returned ?? edited} readOnly />;
}

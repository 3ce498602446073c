"use client";

import { useContext, useEffect, useRef } from "react";
import { FormContext } from "@/components/form/form-context";

/**
 * Sends its form again each time that `at` has changed, after somebody has sent it once: work in
 * several answers goes on by itself, and a page that is merely opened does nothing. An error keeps
 * `at` as it was, and so ends it.
 */
export function SubmitOnward({ at }: { at: number }) {
  const { pending } = useContext(FormContext);
  const place = useRef<HTMLInputElement>(null);
  const begun = useRef(false);
  const last = useRef(at);

  useEffect(() => {
    if (pending) begun.current = true;
  }, [pending]);

  useEffect(() => {
    if (!begun.current || pending || last.current === at) return;
    last.current = at;
    place.current?.form?.requestSubmit();
  }, [at, pending]);

  return <input ref={place} type="hidden" name="at" value={at} />;
}

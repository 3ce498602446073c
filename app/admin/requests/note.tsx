import { TextAreaField } from "@/components/form/text-field";
import { NOTE_LENGTH_MAX } from "@/lib/access-requests/access-request.schema";

/** What goes with an answer. */
export const Note = ({ label, required = false }: { label: string; required?: boolean }) => (
  <TextAreaField
    name="note"
    label={label}
    rows={3}
    maxLength={NOTE_LENGTH_MAX}
    required={required}
    optional={!required}
  />
);

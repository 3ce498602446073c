"use client";

import {
  type ComponentProps,
  createContext,
  type ReactNode,
  useContext,
  useId,
  useState,
} from "react";
import { useTranslations } from "#translations";
import { useFieldState } from "@/components/form/form-context";
import { Field, fieldAttributes } from "@/components/ui/field";
import { HIDDEN } from "@/components/ui/name";
import { Input } from "@/components/ui/text-input";

const PasswordValue = createContext("");

/** What is typed into the password field around a meter. It never leaves the browser. */
export const usePasswordValue = (): string => useContext(PasswordValue);

/**
 * A password, hidden until asked for. `meter` is shown below and reads what is
 * typed with `usePasswordValue()`. It has no default value: a password never
 * comes back from the server.
 */
export function PasswordField({
  name,
  label,
  labelAside,
  hint,
  meter,
  onChange,
  ...props
}: Omit<ComponentProps<"input">, "name" | "id" | "type" | "defaultValue" | "value"> & {
  name: string;
  label: ReactNode;
  labelAside?: ReactNode;
  hint?: ReactNode;
  meter?: ReactNode;
}) {
  const t = useTranslations("common.password");
  const id = useId();
  const { errors } = useFieldState(name);
  const [shown, setShown] = useState(false);
  const [value, setValue] = useState("");
  return (
    <Field id={id} label={label} labelAside={labelAside} hint={hint} errors={errors}>
      <span className="relative block">
        <Input
          {...props}
          name={name}
          {...fieldAttributes(id, { hint, errors })}
          type={shown ? "text" : "password"}
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          className="scripted:pe-24"
          onChange={(event) => {
            if (meter) setValue(event.target.value);
            onChange?.(event);
          }}
        />
        <button
          type="button"
          aria-controls={id}
          onClick={() => setShown(!shown)}
          className="no-script:hidden absolute inset-y-1 end-1 rounded-sm px-2.5 font-medium text-[0.8125rem] text-ink-soft hover:bg-ink/6 hover:text-ink"
        >
          {t.rich(shown ? "hide" : "show", {
            ...HIDDEN,
          })}
        </button>
      </span>
      {meter && <PasswordValue value={value}>{meter}</PasswordValue>}
    </Field>
  );
}

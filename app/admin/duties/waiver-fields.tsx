import { SelectField, TextAreaField } from "@/components/form/text-field";

const DAYS = [1, 7, 30, 90, 365];

/** Why, and how long. */
export const WaiverFields = () => (
  <>
    <TextAreaField name="reason" label="Why" rows={3} maxLength={500} required />
    <SelectField name="days" label="Ends after" defaultValue="30" fieldClassName="sm:max-w-md">
      {DAYS.map((days) => (
        <option key={days} value={days}>
          {days === 1 ? "1 day" : `${days} days`}
        </option>
      ))}
    </SelectField>
  </>
);

import { Badge } from "@/components/ui/badge";
import { Callout } from "@/components/ui/callout";
import { Section } from "@/components/ui/card";
import { Code } from "@/components/ui/code";
import {
  Cell,
  ColumnHeader,
  RowHeader,
  Table,
  TableBody,
  TableHead,
  TableRow,
} from "@/components/ui/table";
import type { EncryptionKeyDescription } from "@/lib/keys/describe-keys";

const STATES = {
  first: ["Encrypts", "success"],
  further: ["Only opens", "neutral"],
  missing: ["Missing", "danger"],
} as const;

const count = (values: number) => (values === 1 ? "1 value" : `${values} values`);

/** Which keys of the configuration have encrypted how much, and how far re-encryption is. */
export function EncryptionSection({ keys }: { keys: EncryptionKeyDescription[] }) {
  return (
    <Section
      title="Encryption keys"
      description={
        <>
          Of <Code>DATA_ENCRYPTION_KEYS</Code>, by names that say nothing of the keys.
        </>
      }
    >
      <div className="space-y-5">
        <Progress keys={keys} />
        <Table caption="Encryption keys">
          <TableHead>
            <ColumnHeader>Key</ColumnHeader>
            <ColumnHeader narrow>State</ColumnHeader>
            <ColumnHeader align="end">Encrypted values</ColumnHeader>
          </TableHead>
          <TableBody>
            {keys.map(({ name, state, values }) => (
              <TableRow key={name}>
                <RowHeader className="font-mono text-xs">{name}</RowHeader>
                <Cell narrow>
                  <Badge tone={STATES[state][1]}>{STATES[state][0]}</Badge>
                </Cell>
                <Cell align="end" narrow>
                  {values}
                </Cell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </div>
    </Section>
  );
}

function Progress({ keys }: { keys: EncryptionKeyDescription[] }) {
  const valuesOf = (wanted: EncryptionKeyDescription["state"]) =>
    keys.filter(({ state }) => state === wanted).reduce((sum, { values }) => sum + values, 0);
  const [missing, waiting] = [valuesOf("missing"), valuesOf("further")];
  if (missing > 0) {
    return (
      <Callout tone="danger" title={`${count(missing)} cannot be opened`}>
        <p>
          The key that encrypted them is not in the configuration. Put it back, after the others.
        </p>
      </Callout>
    );
  }
  if (waiting > 0) {
    return (
      <Callout tone="info" title={`${count(waiting)} still have a former key`}>
        <p>
          A job encrypts them anew every hour; <Code>gatehouse keys reencrypt</Code> does it now.
          Keep the former key until then.
        </p>
      </Callout>
    );
  }
  return (
    <p className="text-ink-soft text-sm">
      Everything is encrypted with the first key
      {keys.length > 1 && ": the former ones can be removed from the configuration"}.
    </p>
  );
}

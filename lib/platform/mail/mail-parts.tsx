/* oxlint-disable jsx-a11y/control-has-associated-label -- cells that only place things are no controls */
import "server-only";
import type { ComponentProps, ReactNode } from "react";
import { breaking, LIGHT, type MailAccent, MONO } from "@/lib/platform/mail/mail-style";

/** A table that is only there because old mail programs place things no other way. */
export function Grid({ style, ...props }: ComponentProps<"table">) {
  return (
    <table
      role="presentation"
      cellPadding={0}
      cellSpacing={0}
      border={0}
      width="100%"
      style={{ borderCollapse: "separate", ...style }}
      {...props}
    />
  );
}

export function Paragraph({ children }: { children: ReactNode }) {
  return (
    <p
      className="soft"
      style={{ margin: "0 0 16px", color: LIGHT.soft, fontSize: 16, lineHeight: "25px" }}
    >
      {children}
    </p>
  );
}

/** Drawn by borders: a picture would have to be fetched, and would tell when a mail is read. */
export function Wordmark({ name, accent: { accent } }: { name: string; accent: MailAccent }) {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0}>
      <tbody>
        <tr>
          <td style={{ padding: "0 5px", verticalAlign: "middle" }}>
            <div
              aria-hidden="true"
              className="gate"
              style={{
                width: 10,
                height: 15,
                border: `4px solid ${accent}`,
                borderBottomWidth: 0,
                borderRadius: "10px 10px 0 0",
                fontSize: 0,
                lineHeight: 0,
              }}
            />
          </td>
          <td
            className="ink"
            style={{
              color: LIGHT.ink,
              fontSize: 17,
              fontWeight: 600,
              letterSpacing: "-0.018em",
              verticalAlign: "middle",
              ...breaking,
            }}
          >
            {name}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

export function Code({ code }: { code: string }) {
  return (
    <Grid style={{ margin: "8px 0 24px" }}>
      <tbody>
        <tr>
          <td
            align="center"
            className="on-sunken lined ink"
            style={{
              padding: "18px 12px 18px 20px",
              backgroundColor: LIGHT.sunken,
              border: `1px solid ${LIGHT.line}`,
              borderRadius: 6,
              color: LIGHT.ink,
              fontFamily: MONO,
              fontSize: 34,
              fontWeight: 600,
              lineHeight: "40px",
              // Spaced by style alone, so that what is copied is what has to be typed.
              letterSpacing: 8,
              userSelect: "all",
              ...breaking,
            }}
          >
            {code}
          </td>
        </tr>
      </tbody>
    </Grid>
  );
}

export function Facts({ facts }: { facts: [label: string, value: string][] }) {
  return (
    <Grid style={{ margin: "8px 0 24px" }}>
      <tbody>
        {facts.map(([label, value]) => (
          <tr key={label}>
            <td
              className="lined faint"
              style={{
                width: "32%",
                padding: "10px 12px 10px 0",
                borderTop: `1px solid ${LIGHT.line}`,
                color: LIGHT.faint,
                fontSize: 14,
                lineHeight: "20px",
                verticalAlign: "top",
              }}
            >
              {label}
            </td>
            <td
              className="lined ink"
              style={{
                padding: "10px 0",
                borderTop: `1px solid ${LIGHT.line}`,
                color: LIGHT.ink,
                fontSize: 14,
                lineHeight: "20px",
                verticalAlign: "top",
                ...breaking,
              }}
            >
              {value}
            </td>
          </tr>
        ))}
      </tbody>
    </Grid>
  );
}

export function Action({
  action: { label, url },
  ifButton,
  accent: { accent, on },
}: {
  action: { label: string; url: string };
  ifButton: string;
  accent: MailAccent;
}) {
  return (
    <>
      <table
        role="presentation"
        cellPadding={0}
        cellSpacing={0}
        border={0}
        style={{ margin: "8px 0 24px", borderCollapse: "separate" }}
      >
        <tbody>
          <tr>
            <td
              className="on-accent"
              style={{ backgroundColor: accent, borderRadius: 6, padding: "12px 22px" }}
            >
              <a
                href={url}
                target="_blank"
                rel="noreferrer"
                className="on-accent"
                style={{
                  display: "inline-block",
                  color: on,
                  fontSize: 16,
                  fontWeight: 600,
                  lineHeight: "20px",
                  textDecoration: "none",
                }}
              >
                {label}
              </a>
            </td>
          </tr>
        </tbody>
      </table>
      <p
        className="faint"
        style={{ margin: "0 0 16px", color: LIGHT.faint, fontSize: 13, lineHeight: "20px" }}
      >
        {ifButton}
        <br />
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className="accent"
          style={{ color: accent, textDecoration: "underline", ...breaking }}
        >
          {url}
        </a>
      </p>
    </>
  );
}

/** The line that mailboxes show beside the subject; the blanks keep the rest of the mail out of it. */
export function Preview({ children }: { children: string }) {
  return (
    <div
      style={{
        display: "none",
        overflow: "hidden",
        maxHeight: 0,
        maxWidth: 0,
        opacity: 0,
        fontSize: 1,
        lineHeight: "1px",
      }}
    >
      {children}
      <span aria-hidden="true">{"\u00a0\u200c".repeat(80)}</span>
    </div>
  );
}

/* oxlint-disable nextjs/no-head-element -- no page of Next's, but a document of its own */
/* oxlint-disable jsx-a11y/control-has-associated-label -- cells that only place things are no controls */
import "server-only";
import type { ComponentProps, CSSProperties, ReactNode } from "react";
import type { MailContent } from "@/lib/platform/mail/render-mail";

interface Tone {
  paper: string;
  surface: string;
  sunken: string;
  line: string;
  ink: string;
  soft: string;
  faint: string;
  accent: string;
  "on-accent": string;
}

/** The colours of app/globals.css as hex, because mail programs read no other notation. */
const LIGHT: Tone = {
  paper: "#f8f6ef",
  surface: "#fefcf9",
  sunken: "#f1eee6",
  line: "#dfdbd2",
  ink: "#241e18",
  soft: "#534b43",
  faint: "#6e665e",
  accent: "#005c63",
  "on-accent": "#f7fdfd",
};
const DARK: Tone = {
  paper: "#161310",
  surface: "#1f1b18",
  sunken: "#191614",
  line: "#37322d",
  ink: "#edeae4",
  soft: "#b9b4ac",
  faint: "#98938b",
  accent: "#70c5c4",
  "on-accent": "#021b1e",
};

const SANS = "system-ui, -apple-system, Segoe UI, Roboto, Helvetica, Arial, sans-serif";
const MONO = "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace";
const WIDTH = 480;

/**
 * What is light stands in the elements, where every program honours it; the dark
 * colours come over it where a program reads a style sheet and the reader has dark
 * windows. Nothing here may hold quotes or angles: React escapes them.
 */
const STYLE_SHEET = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: ${WIDTH + 40}px) { .sheet { padding: 24px 20px !important; } }
@media (prefers-color-scheme: dark) {
  .on-paper { background-color: ${DARK.paper} !important; }
  .on-surface { background-color: ${DARK.surface} !important; }
  .on-sunken { background-color: ${DARK.sunken} !important; }
  .lined { border-color: ${DARK.line} !important; }
  .gate { border-color: ${DARK.accent} !important; }
  .ink { color: ${DARK.ink} !important; }
  .soft { color: ${DARK.soft} !important; }
  .faint { color: ${DARK.faint} !important; }
  .accent { color: ${DARK.accent} !important; }
  .on-accent { background-color: ${DARK.accent} !important; color: ${DARK["on-accent"]} !important; }
}`;

const breaking: CSSProperties = { overflowWrap: "anywhere", wordBreak: "break-word" };

/** A table that is only there because old mail programs place things no other way. */
function Grid({ style, ...props }: ComponentProps<"table">) {
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

function Paragraph({ children }: { children: ReactNode }) {
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
function Wordmark() {
  return (
    <table role="presentation" cellPadding={0} cellSpacing={0} border={0}>
      <tbody>
        <tr>
          <td style={{ paddingRight: 10, verticalAlign: "middle" }}>
            <div
              aria-hidden="true"
              className="gate"
              style={{
                width: 10,
                height: 15,
                border: `4px solid ${LIGHT.accent}`,
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
            }}
          >
            Gatehouse
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function Code({ code }: { code: string }) {
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

function Facts({ facts }: { facts: [label: string, value: string][] }) {
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

function Action({ action: { label, url } }: { action: { label: string; url: string } }) {
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
              style={{ backgroundColor: LIGHT.accent, borderRadius: 6, padding: "12px 22px" }}
            >
              <a
                href={url}
                target="_blank"
                rel="noreferrer"
                className="on-accent"
                style={{
                  display: "inline-block",
                  color: LIGHT["on-accent"],
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
        If the button does not work, open this address:
        <br />
        <a
          href={url}
          target="_blank"
          rel="noreferrer"
          className="accent"
          style={{ color: LIGHT.accent, textDecoration: "underline", ...breaking }}
        >
          {url}
        </a>
      </p>
    </>
  );
}

/** The line that mailboxes show beside the subject; the blanks keep the rest of the mail out of it. */
function Preview({ children }: { children: string }) {
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

/**
 * A whole mail, made of what {@link MailContent} says and nothing from elsewhere: no
 * picture, no font, no script, nothing that tells that it was read.
 */
export function MailLayout({ content, reason }: { content: MailContent; reason: string }) {
  const { subject, heading = subject, paragraphs, code, facts = [], action, closing } = content;
  return (
    <html lang="en" dir="ltr">
      <head>
        <meta httpEquiv="Content-Type" content="text/html; charset=UTF-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="x-apple-disable-message-reformatting" />
        <meta
          name="format-detection"
          content="telephone=no, date=no, address=no, email=no, url=no"
        />
        <title>{subject}</title>
        <style>{STYLE_SHEET}</style>
      </head>
      <body
        className="on-paper"
        style={{ margin: 0, padding: 0, backgroundColor: LIGHT.paper, fontFamily: SANS }}
      >
        <Preview>{paragraphs[0] ?? subject}</Preview>
        <Grid className="on-paper" style={{ backgroundColor: LIGHT.paper }}>
          <tbody>
            <tr>
              <td align="center" style={{ padding: "32px 16px" }}>
                <Grid
                  width={WIDTH}
                  style={{ width: "100%", maxWidth: WIDTH, fontFamily: SANS, textAlign: "left" }}
                >
                  <tbody>
                    <tr>
                      <td style={{ padding: "0 0 20px" }}>
                        <Wordmark />
                      </td>
                    </tr>
                    <tr>
                      <td
                        className="sheet on-surface lined"
                        style={{
                          padding: "32px 32px 16px",
                          backgroundColor: LIGHT.surface,
                          border: `1px solid ${LIGHT.line}`,
                          borderRadius: 10,
                          ...breaking,
                        }}
                      >
                        <h1
                          className="ink"
                          style={{
                            margin: "0 0 16px",
                            color: LIGHT.ink,
                            fontSize: 22,
                            fontWeight: 600,
                            letterSpacing: "-0.018em",
                            lineHeight: "29px",
                          }}
                        >
                          {heading}
                        </h1>
                        {paragraphs.map((paragraph) => (
                          <Paragraph key={paragraph}>{paragraph}</Paragraph>
                        ))}
                        {code !== undefined && <Code code={code} />}
                        {facts.length > 0 && <Facts facts={facts} />}
                        {action && <Action action={action} />}
                        {closing !== undefined && <Paragraph>{closing}</Paragraph>}
                      </td>
                    </tr>
                    <tr>
                      <td
                        className="faint"
                        style={{
                          padding: "20px 4px 0",
                          color: LIGHT.faint,
                          fontSize: 13,
                          lineHeight: "20px",
                          ...breaking,
                        }}
                      >
                        {reason}
                      </td>
                    </tr>
                  </tbody>
                </Grid>
              </td>
            </tr>
          </tbody>
        </Grid>
      </body>
    </html>
  );
}

/* oxlint-disable nextjs/no-head-element -- no page of Next's, but a document of its own */
/* oxlint-disable jsx-a11y/control-has-associated-label -- cells that only place things are no controls */
import { directionOf } from "@/lib/shared/locale";
import "server-only";
import {
  Action,
  Code,
  Facts,
  Grid,
  Paragraph,
  Preview,
  Wordmark,
} from "@/lib/platform/mail/mail-parts";
import { breaking, LIGHT, SANS, styleSheet, WIDTH } from "@/lib/platform/mail/mail-style";
import type { MailContent, MailFrame } from "@/lib/platform/mail/render-mail";

/**
 * A whole mail, made of what {@link MailContent} says and nothing from elsewhere: no
 * picture, no font, no script, nothing that tells that it was read.
 */
export function MailLayout({ content, frame }: { content: MailContent; frame: MailFrame }) {
  const { locale, reason, ifButton, name, accent } = frame;
  const direction = directionOf(locale);
  const { subject, heading = subject, paragraphs, code, facts = [], action, closing } = content;
  return (
    <html lang={locale} dir={direction}>
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
        <style>{styleSheet(accent.dark)}</style>
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
                  style={{
                    width: "100%",
                    maxWidth: WIDTH,
                    fontFamily: SANS,
                    // Old mail programs know no start of a line.
                    textAlign: direction === "rtl" ? "right" : "left",
                  }}
                >
                  <tbody>
                    <tr>
                      <td style={{ padding: "0 0 20px" }}>
                        <Wordmark name={name} accent={accent.light} />
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
                        {action && (
                          <Action action={action} ifButton={ifButton} accent={accent.light} />
                        )}
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

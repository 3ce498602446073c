import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { waysIn } from "@/app/developers/ways-in";
import developers from "@/messages/en/developers.json";

test.each(waysIn("https://id.example.com"))(
  "docs/call-the-api.md has the lines of: $id",
  ({ id, code }) => {
    const document = readFileSync("docs/call-the-api.md", "utf8");
    expect(document).toContain(`## ${developers.ways[id].title}\n`);
    expect(document).toContain(`\`\`\`sh\n${code}\n\`\`\`\n`);
  },
);

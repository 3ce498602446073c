// What is compared with others, as a picture: a bar for each operation, by how much of its limit it reaches
// and how many times its peer.

const WIDTH = 760;
const ROW = 46;
const TOP = 64;
const LABEL = 300;
const BAR = 320;
const FONT = 'font-family="system-ui, sans-serif"';

/**
 * An SVG that is read in light and in dark; its figures are in the text as well.
 * @param {import("./compare.mjs").Compared[]} rows
 */
export function drawChart(rows) {
  const bounded = rows.flatMap(({ what, rate, limit }) => (limit ? [{ what, rate, limit }] : []));
  const height = TOP + bounded.length * ROW + 16;
  const bars = bounded.map(({ what, rate, limit }, index) => {
    const y = TOP + index * ROW;
    const length = Math.round(Math.min(1, limit.ratio) * BAR);
    const aim =
      limit.aim === undefined
        ? ""
        : `<line class="aim" x1="${LABEL + limit.aim * BAR}" x2="${LABEL + limit.aim * BAR}" y1="${y - 4}" y2="${y + 26}"/>`;
    return `  <g>
    <text class="what" x="0" y="${y + 9}">${escape(what)}</text>
    <text class="of" x="0" y="${y + 24}">${escape(`limit: ${limit.name}`)}</text>
    <rect class="limit" x="${LABEL}" y="${y}" width="${BAR}" height="22" rx="4"/>
    <rect class="ours" x="${LABEL}" y="${y}" width="${length}" height="22" rx="4"/>${aim}
    <text class="figure" x="${LABEL + BAR + 12}" y="${y + 16}">${limit.ratio.toFixed(2)} · ${Math.round(rate)}/s</text>
  </g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" ${FONT} font-size="13">
  <title>How much of its limit each operation reaches, on one core</title>
  <style>
    .head, .what, .figure { fill: #1c1b19 } .of { fill: #6b6860; font-size: 11px }
    .limit { fill: #e7e5df } .ours { fill: #2f6f4f } .aim { stroke: #1c1b19; stroke-dasharray: 3 2 }
    @media (prefers-color-scheme: dark) {
      .head, .what, .figure { fill: #f2f0ea } .of { fill: #a5a298 }
      .limit { fill: #3a3833 } .ours { fill: #57b086 } .aim { stroke: #f2f0ea }
    }
  </style>
  <text class="head" x="0" y="20" font-size="16" font-weight="600">How much of its limit each operation reaches</text>
  <text class="of" x="0" y="40">One process on one core; the dashed line is the aim.</text>
${bars.join("\n")}
</svg>
`;
}

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

// What is compared with others, as a picture: how much of its limit each operation reaches, and its peer beside it.

const WIDTH = 800;
const ROW = 52;
const TOP = 72;
const LABEL = 276;
const BAR = 316;
const FONT = 'font-family="system-ui, sans-serif"';

/**
 * An SVG that is read in light and in dark; its figures are in the text as well.
 * @param {import("./compare.mjs").Compared[]} rows
 */
export function drawChart(rows) {
  const bounded = rows.flatMap(({ limit, ...row }) => (limit ? [{ ...row, limit }] : []));
  const height = TOP + bounded.length * ROW + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" ${FONT} font-size="13">
  <title>How much of its limit each operation reaches, and its peer, on one core</title>
  <style>
    .head, .what, .figure { fill: #1c1b19 } .of { fill: #6b6860; font-size: 11px }
    .limit { fill: #e7e5df } .ours { fill: #2f6f4f } .peer { fill: #9a968c } .aim { stroke: #1c1b19; stroke-dasharray: 3 2 }
    @media (prefers-color-scheme: dark) {
      .head, .what, .figure { fill: #f2f0ea } .of { fill: #a5a298 }
      .limit { fill: #3a3833 } .ours { fill: #57b086 } .peer { fill: #79756c } .aim { stroke: #f2f0ea }
    }
  </style>
  <text class="head" x="0" y="20" font-size="16" font-weight="600">How much of its limit each operation reaches</text>
  <text class="of" x="0" y="40">One process on one core. The whole width is the limit; above it Gatehouse, below it the peer; the dashed line is the aim.</text>
${bounded.map(drawRow).join("\n")}
</svg>
`;
}

/**
 * @param {import("./compare.mjs").Compared & { limit: import("./compare.mjs").Reached }} row
 * @param {number} index
 */
function drawRow({ what, rate, limit, peer }, index) {
  const y = TOP + index * ROW;
  const lengthOf = (/** @type {number} */ part) => Math.round(Math.min(1, part) * BAR);
  const aim =
    limit.aim === undefined
      ? ""
      : `<line class="aim" x1="${LABEL + lengthOf(limit.aim)}" x2="${LABEL + lengthOf(limit.aim)}" y1="${y - 5}" y2="${y + 19}"/>`;
  const figures = LABEL + BAR + 12;
  const beside =
    peer === undefined
      ? ""
      : `<rect class="peer" x="${LABEL}" y="${y + 17}" width="${lengthOf(peer.rate / limit.rate)}" height="7" rx="3"/>
    <text class="of" x="${figures}" y="${y + 27}">${escape(peer.name)}: ${Math.round(peer.rate)}/s</text>`;
  return `  <g>
    <text class="what" x="0" y="${y + 9}">${escape(what)}</text>
    <text class="of" x="0" y="${y + 24}">${escape(`limit: ${limit.name}, ${Math.round(limit.rate)}/s`)}</text>
    <rect class="limit" x="${LABEL}" y="${y}" width="${BAR}" height="14" rx="4"/>
    <rect class="ours" x="${LABEL}" y="${y}" width="${lengthOf(limit.ratio)}" height="14" rx="4"/>${aim}
    <text class="figure" x="${figures}" y="${y + 12}">${limit.ratio.toFixed(2)} · ${Math.round(rate)}/s</text>
    ${beside}
  </g>`;
}

/** @param {string} text */
const escape = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** Of the page; everything that is drawn takes its colours from here, so that one picture serves light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: light-dark(#fbfbfa, #15171a);
  --card: light-dark(#ffffff, #1c1f24);
  --text: light-dark(#1b1f24, #e6e8eb);
  --muted: light-dark(#667080, #98a1ad);
  --line: light-dark(#e3e5e8, #31363d);
  --good: light-dark(#0b7a53, #4cc38a);
  --bad: light-dark(#b4460a, #ffa057);
  --c0: light-dark(#2458d3, #7aa2ff);
  --c1: light-dark(#d9580d, #ff9f5a);
  --c2: light-dark(#0f8a66, #43c99b);
  --c3: light-dark(#8a3ffc, #bf95ff);
  --c4: light-dark(#c2185b, #ff7eb0);
  --c5: light-dark(#8a6d00, #e2c044);
  --reference: light-dark(#7b8494, #8e98a6);
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 15px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif;
  font-variant-numeric: tabular-nums;
}
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 80px; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.02em; margin: 0 0 4px; }
h2 { font-size: 21px; letter-spacing: -.01em; margin: 0 0 6px; }
header > p { color: var(--muted); margin: 0 0 20px; }
nav { margin: 20px 0 0; display: flex; flex-wrap: wrap; gap: 6px 18px; }
a { color: var(--c0); text-decoration: none; }
a:hover { text-decoration: underline; }
section { margin-top: 52px; border-top: 1px solid var(--line); padding-top: 28px; }
section > p { max-width: 76ch; margin: 0 0 14px; }
section > .noise { max-width: none; }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, auto)); gap: 12px 28px; margin: 0; }
dt { color: var(--muted); font-size: 12.5px; }
dd { margin: 0; }
pre {
  margin: 0 0 14px; padding: 9px 13px; overflow-x: auto; border-radius: 7px;
  background: var(--card); border: 1px solid var(--line); font: 13px/1.5 ui-monospace, 'Liberation Mono', monospace;
}
.noise { font-size: 13.5px; margin: 0 0 18px; color: var(--muted); }
.noise b { color: var(--good); font-weight: 600; }
.noise.noisy b { color: var(--bad); }
.figures { display: flex; flex-wrap: wrap; gap: 14px; margin: 0 0 18px; padding: 0; list-style: none; }
.figures li { flex: 1 1 180px; background: var(--card); border: 1px solid var(--line); border-radius: 9px; padding: 13px 16px; }
.figures b { display: block; font-size: 25px; font-weight: 650; letter-spacing: -.02em; line-height: 1.25; }
.figures b span { font-size: 15px; font-weight: 500; color: var(--muted); letter-spacing: 0; }
.figures small { color: var(--muted); font-size: 12.5px; line-height: 1.4; display: block; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 16px; align-items: start; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 9px; padding: 15px 17px 9px; }
figcaption p { color: var(--muted); font-size: 13px; line-height: 1.45; margin: 2px 0 0; }
.legend { display: flex; flex-wrap: wrap; gap: 2px 16px; list-style: none; margin: 9px 0 0; padding: 0; font-size: 13px; }
.legend i { display: inline-block; width: 20px; height: 0; border-top: 2.5px solid var(--colour); vertical-align: 4px; margin-right: 6px; }
.legend .reference i { border-top-style: dashed; }
svg { display: block; width: 100%; height: auto; margin-top: 8px; }
svg text { fill: var(--text); font-size: 12.5px; }
svg .tick, svg .label { fill: var(--muted); }
svg g .tick { fill: var(--text); }
svg .group { font-weight: 600; stroke: var(--card); stroke-width: 5; paint-order: stroke; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .minor { stroke-opacity: .4; }
svg .axis { stroke: var(--muted); stroke-width: 1; }
svg .band { fill: var(--colour); fill-opacity: .16; }
svg .line { fill: none; stroke: var(--colour); stroke-width: 2.2; stroke-linejoin: round; }
svg .reference .line { stroke-dasharray: 6 4; stroke-width: 1.8; }
svg circle, svg rect { fill: var(--colour); }
svg rect { fill-opacity: .82; }
svg .whisker { fill: none; stroke: var(--text); stroke-width: 1.4; stroke-opacity: .75; }
svg .value { font-weight: 600; }
svg .interval { fill: var(--muted); font-weight: 400; font-size: 11.5px; }
svg line.limit { stroke: var(--text); stroke-width: 1.3; stroke-dasharray: 4 3; }
svg text.limit { fill: var(--muted); font-size: 11.5px; }
.table { overflow-x: auto; margin-top: 20px; }
details { margin-top: 20px; }
details .table { margin-top: 6px; }
summary { cursor: pointer; font-size: 13.5px; font-weight: 600; }
summary small { color: var(--muted); font-weight: 400; }
tbody tr:hover { background: var(--card); }
table { border-collapse: collapse; font-size: 13.5px; width: 100%; }
caption { text-align: left; font-weight: 600; padding-bottom: 5px; }
th { font-weight: 500; color: var(--muted); vertical-align: bottom; }
th small { font-size: 11.5px; }
th, td { text-align: right; padding: 5px 10px; border-bottom: 1px solid var(--line); }
td small { display: block; color: var(--muted); font-size: 11.5px; white-space: nowrap; }
th.text, td.text { text-align: left; }
th:first-child, td:first-child { padding-left: 0; }
.reference { --colour: var(--reference); }
${Array.from({ length: 6 }, (_, index) => `.colour-${index} { --colour: var(--c${index}); }`).join('\n')}
@media print { section { break-inside: avoid; } }
`;

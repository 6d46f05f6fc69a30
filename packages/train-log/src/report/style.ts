/** Paper and ink first; colour only where it carries meaning. Every text keeps a contrast of 4.5 or more. */
export const STYLE = `
:root {
  --page: #fdfdfb; --ink: #1d2125; --muted: #5c6670; --rule: #e3e4df; --strong-rule: #1d2125;
  --train: #2458b8; --held: #b5480d; --right: #2458b8; --mistake: #e0701f; --shade: #f3f3ee;
}
@media screen and (prefers-color-scheme: dark) {
  :root:not([data-theme='light']) {
    --page: #15181b; --ink: #e6e6e1; --muted: #9aa4ad; --rule: #2c3136; --strong-rule: #7a848d;
    --train: #82aaf5; --held: #f0a35e; --right: #5f8fe8; --mistake: #d97b34; --shade: #1d2125;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; background: var(--page); }
body {
  margin: 0 auto; padding: 3.5rem 1.5rem 4rem; max-width: 70rem; color: var(--ink); line-height: 1.5;
  font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', sans-serif; font-size: 1rem;
  font-variant-numeric: tabular-nums;
}
a { color: inherit; text-underline-offset: 0.15em; }
h1, h2, .headline dd { font-family: Charter, 'Bitstream Charter', 'Iowan Old Style', 'Source Serif 4', 'Noto Serif', Cambria, Georgia, serif; font-weight: 500; }
h1 { margin: 0; font-size: clamp(2rem, 5vw, 2.75rem); line-height: 1.15; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 4rem 0 1rem; font-size: 1.6rem; line-height: 1.2; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; }
p { margin: 0.5rem 0; max-width: 44rem; color: var(--muted); }
small { color: var(--muted); font-size: 0.8125rem; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: 0.8125rem; }

.headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1.5rem 2rem; margin: 2.5rem 0 0; padding: 1.5rem 0; border-block: 1px solid var(--rule); border-top-color: var(--strong-rule); }
.headline dt { color: var(--muted); font-size: 0.875rem; }
.headline dd { margin: 0.125rem 0 0; font-size: 1.9rem; line-height: 1.2; }
.headline small { display: block; font-family: system-ui, sans-serif; }

figure { margin: 0; min-width: 0; }
.curves { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2.5rem; }
.curves h2, #loss-figure { grid-column: 1 / -1; }
.curves h2 { margin-bottom: -1.25rem; }
.uplot, .u-legend { font: inherit; font-size: 0.8125rem; }
.uplot .u-legend { margin: 0.25rem 0 0 3rem; text-align: left; color: var(--muted); }
.uplot .u-legend tr { margin-right: 1.5rem; }
.uplot .u-legend th, .uplot .u-legend td { padding: 0; border: 0; font-size: inherit; }
.uplot .u-legend .u-marker { width: 1.1em; height: 0; border-bottom: 0; margin-right: 0.5em; }
.uplot .u-legend tr:first-child .u-marker { display: none; }
.uplot .u-legend .u-value { min-width: 4.5em; padding-left: 0.35em; color: var(--ink); }
.uplot .u-cursor-x { border-color: var(--muted); }
.uplot .u-select { background: var(--ink); opacity: 0.08; }

.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.25rem, 1fr)); gap: 1.25rem 1rem; margin-top: 1.5rem; }
.pictures img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 3px; background: var(--shade); }
.pictures figcaption { margin-top: 0.35rem; font-size: 0.875rem; line-height: 1.3; overflow-wrap: anywhere; }
.pictures .wrong img { outline: 2px dashed var(--mistake); outline-offset: 2px; }

.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--train); outline-offset: 4px; }
table { border-collapse: collapse; font-size: 0.875rem; }
caption { padding: 0 0 0.5rem; text-align: left; font-size: 1rem; font-weight: 600; }
th, td { padding: 0.35rem 1.25rem 0.35rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: 400; white-space: nowrap; }
td:last-child { white-space: normal; overflow-wrap: anywhere; min-width: 6rem; padding-right: 0; }
thead th, thead td { color: var(--muted); border-bottom-color: var(--strong-rule); font-size: 0.8125rem; }

.classes { display: flex; flex-wrap: wrap; gap: 3rem 4rem; align-items: start; }
.classes > * { max-width: 100%; }
.heat caption { max-width: min(30rem, 88vw); }
.heat.heat th, .heat.heat td { padding: 0; width: 2.6rem; min-width: 2.6rem; height: 2.3rem; border: 1px solid var(--page); text-align: center; vertical-align: middle; }
.heat tbody td { background: var(--shade); }
.heat th { color: var(--muted); }
.heat.heat tbody th { width: auto; padding: 0 0.75rem 0 0; text-align: right; white-space: nowrap; }
.heat.long thead th { height: auto; padding-bottom: 0.5rem; vertical-align: bottom; }
.heat.long thead span { writing-mode: vertical-rl; transform: rotate(180deg); }
.heat tbody td.right { background: color-mix(in srgb, var(--right) calc(var(--share) * 42%), var(--shade)); }
.heat tbody td.mistake { background: color-mix(in srgb, var(--mistake) calc(12% + var(--share) * 40%), var(--shade)); font-weight: 600; }
.share { display: inline-block; width: 4.75em; }
.bar { display: inline-block; width: 6rem; height: 0.6rem; background: linear-gradient(to right, var(--right) calc(var(--share) * 100%), var(--rule) 0); }

.details { columns: 2 24rem; column-gap: 4rem; }
.details > * { margin-bottom: 2.5rem; break-inside: avoid; }
.details table, .events table { width: 100%; }
.events { margin-top: 2.5rem; }

@media (max-width: 45rem) {
  body { padding: 2rem 1rem 3rem; }
  .curves { grid-template-columns: minmax(0, 1fr); gap: 2rem; }
  .headline { grid-template-columns: 1fr 1fr; gap: 1.25rem; }
  .headline dd { font-size: 1.5rem; }
  .uplot .u-legend { margin-left: 0; }
  .uplot .u-legend .u-value { min-width: 3.5em; }
  .pictures { grid-template-columns: repeat(auto-fill, minmax(4.25rem, 1fr)); gap: 1rem 0.75rem; }
  .heat.heat th, .heat.heat td { width: 1.95rem; min-width: 1.95rem; height: 1.95rem; font-size: 0.8125rem; }
  .heat.heat tbody th { padding-right: 0.5rem; }
  .bar { width: 3rem; }
}
@page { margin: 15mm; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .curves { grid-template-columns: minmax(0, 1fr); }
  h2 { break-after: avoid; margin-top: 2rem; }
  figure, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
}
`

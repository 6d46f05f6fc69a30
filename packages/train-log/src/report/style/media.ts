/** What is otherwise on a phone and on paper. */
export const MEDIA = `
@media screen and (max-width: 45rem) {
  body { padding: 2rem 1rem 3rem; }
  .curves { grid-template-columns: minmax(0, 1fr); gap: 2rem; }
  .headline { grid-template-columns: 1fr 1fr; gap: 1.25rem; }
  .headline dd { font-size: 1.5rem; }
  .uplot .u-legend { margin-left: 0; }
  .uplot .u-legend .u-value { min-width: 3.5em; }
  .legend { max-height: 30vh; }
  .pictures { grid-template-columns: repeat(auto-fill, minmax(4.25rem, 1fr)); gap: 1rem 0.75rem; }
  caption { max-width: 88vw; }
  .pairs { grid-template-columns: minmax(0, 1fr); }
  .heat.heat th, .heat.heat td { width: 1.95rem; min-width: 1.95rem; height: 1.95rem; font-size: 0.8125rem; }
  .heat.heat tbody th { padding-right: 0.5rem; }
  .bar { width: 3rem; }
  .time { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
}
@page { margin: 15mm; }
@media print {
  :root { --page: #fff; }
  body { padding: 0; max-width: none; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .curves { gap: 1.5rem 2rem; }
  .curves h2 { margin-bottom: -0.5rem; }
  h2, h3, caption { break-after: avoid; }
  h2 { margin-top: 2rem; }
  footer { margin-top: 2rem; }
  figure, tr, .heat, .time { break-inside: avoid; }
  .pictures { display: block; }
  .pictures figure { display: inline-block; width: 4.5rem; margin: 0 0.75rem 0.75rem 0; vertical-align: top; }
  .scroll { overflow: visible; }
  .legend { position: static; max-height: none; }
  .legend .axis, .legend input, .legend label:has(input:not(:checked)) { display: none; }
}
`

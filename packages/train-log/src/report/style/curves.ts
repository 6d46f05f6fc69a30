/** Charts, and the legend that the charts of a comparison share. */
export const CURVES = `
figure { margin: 0; min-width: 0; }
.curves { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 2.5rem; }
.curves h2, #loss-figure { grid-column: 1 / -1; }
.curves h2 { margin-bottom: -1.25rem; }
.uplot, .u-legend { font: inherit; font-size: 0.8125rem; }
.uplot .u-legend { margin: 0.25rem 0 0 3rem; text-align: left; color: var(--muted); }
.uplot .u-legend tr { margin-right: 1.5rem; }
.uplot .u-legend th, .uplot .u-legend td { padding: 0; border: 0; font-size: inherit; font-weight: 400; }
.uplot .u-legend .u-marker { width: 1.1em; height: 0; border-bottom: 0; margin-right: 0.5em; }
.uplot .u-legend tr:first-child .u-marker { display: none; }
.uplot .u-legend .u-value { min-width: 4.5em; padding-left: 0.35em; color: var(--ink); font-weight: 600; }
.uplot .u-cursor-x { border-color: var(--muted); }
.uplot .u-select { background: var(--ink); opacity: 0.08; }

.compared #loss-figure { grid-column: auto; }
.compared h2, .legend, #top1-figure { grid-column: 1 / -1; }
.legend { position: sticky; top: 0; z-index: 1; margin-bottom: -1rem; padding: 0.6rem 0; max-height: 45vh; overflow-y: auto; background: var(--page); border-bottom: 1px solid var(--rule); font-size: 0.875rem; }
.legend fieldset { margin: 0; padding: 0; border: 0; min-width: 0; display: flex; flex-wrap: wrap; align-items: center; gap: 0.35rem 1.25rem; }
.legend legend { float: left; padding: 0; color: var(--muted); }
.legend .axis { margin-bottom: 0.4rem; }
.legend .shown legend { width: 100%; }
.legend label { display: inline-flex; align-items: center; gap: 0.4rem; min-height: 1.5rem; min-width: 0; cursor: pointer; }
.legend label span { overflow-wrap: anywhere; }
.legend .value { min-width: 4em; font-weight: 600; }
.legend input { margin: 0; accent-color: var(--muted); }
.swatch { flex: none; width: 28px; height: 8px; vertical-align: middle; }
.swatch line { stroke-width: 2.5; }
`

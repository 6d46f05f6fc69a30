/** Pictures, tables, and what lies below the curves. */
export const SECTIONS = `
.pictures { display: grid; grid-template-columns: repeat(auto-fill, minmax(5.25rem, 1fr)); gap: 1.25rem 1rem; margin-top: 1.5rem; }
.pictures img, .pairs img { display: block; width: 100%; aspect-ratio: 1; object-fit: cover; border-radius: 3px; background: var(--shade); }
.pictures figcaption { margin-top: 0.35rem; font-size: 0.875rem; line-height: 1.3; overflow-wrap: anywhere; }
.pictures .wrong img { outline: 2px dashed var(--mistake); outline-offset: 2px; }
/* Where all are wrong a frame tells nothing. */
.mistakes .wrong img { outline: 0; }
.pairs { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1.5rem 2.5rem; margin: 1rem 0 2.5rem; }
.pairs figcaption { margin-bottom: 0.4rem; font-size: 0.9375rem; overflow-wrap: anywhere; }
.pairs small { white-space: nowrap; }
.pairs div { display: grid; grid-template-columns: repeat(4, minmax(0, 5.25rem)); gap: 0.5rem; }

.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--train); outline-offset: 4px; }
table { border-collapse: collapse; font-size: 0.875rem; }
caption { padding: 0 0 0.5rem; text-align: left; font-size: 1rem; font-weight: 600; }
th, td { padding: 0.35rem 1.25rem 0.35rem 0; border-bottom: 1px solid var(--rule); text-align: left; vertical-align: top; font-weight: 400; white-space: nowrap; }
td:last-child { white-space: normal; overflow-wrap: anywhere; min-width: 6rem; padding-right: 0; }
thead th, thead td { color: var(--muted); border-bottom-color: var(--strong-rule); font-size: 0.8125rem; }
.runs th:first-child { position: sticky; left: 0; background: var(--page); }
.runs .swatch { margin-right: 0.6rem; }
.runs .field:not(.field ~ .field) { padding-left: 1.25rem; border-left: 1px solid var(--rule); }
.runs td:last-child, .groups td:last-child { white-space: nowrap; min-width: 0; }

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

.time-bar { display: flex; gap: 2px; height: 1.1rem; }
.time-bar span { flex: var(--share) 0 0; }
.time { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1rem 0 0; }
.time dt { color: var(--muted); font-size: 0.875rem; }
.time dt span { display: inline-block; width: 0.7em; height: 0.7em; margin-right: 0.5em; }
.time dd { margin: 0; font-size: 1.125rem; }
.computing { background: var(--train); }
.waiting { background: repeating-linear-gradient(-45deg, var(--held) 0 4px, color-mix(in srgb, var(--held) 55%, var(--page)) 4px 7px); }
.evaluating { background: color-mix(in srgb, var(--train) 45%, var(--page)); }
.rest { background: color-mix(in srgb, var(--muted) 40%, var(--page)); }

.details { columns: 2 24rem; column-gap: 4rem; }
.details > * { margin-bottom: 2.5rem; break-inside: avoid; }
.details > div > .scroll + .scroll { margin-top: 2.5rem; }
.details table, .events table { width: 100%; }
.details td { white-space: normal; overflow-wrap: anywhere; }
.differs::before { content: '≠ '; color: var(--held); }
.events > * { margin-top: 2.5rem; }
`

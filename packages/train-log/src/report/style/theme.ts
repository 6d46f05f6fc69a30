/** Paper and ink first; colour only where it carries meaning. Every text keeps a contrast of 4.5 or more, every line 3. */
export const THEME = `
:root {
  --page: #fdfdfb; --ink: #1d2125; --muted: #5c6670; --rule: #e3e4df; --strong-rule: #1d2125;
  --train: #2458b8; --held: #b5480d; --right: #2458b8; --mistake: #e0701f; --shade: #f3f3ee; --going: #1a7548;
  --run-0: #2458b8; --run-1: #b5480d; --run-2: #1a7548; --run-3: #7a3db8; --run-4: #a3246b; --run-5: #0b6f80;
}
@media screen and (prefers-color-scheme: dark) {
  :root:not([data-theme='light']) {
    --page: #15181b; --ink: #e6e6e1; --muted: #9aa4ad; --rule: #2c3136; --strong-rule: #7a848d;
    --train: #82aaf5; --held: #f0a35e; --right: #5f8fe8; --mistake: #d97b34; --shade: #1d2125; --going: #67c795;
    --run-0: #82aaf5; --run-1: #f0a35e; --run-2: #67c795; --run-3: #c49cf2; --run-4: #f08abf; --run-5: #58c4d6;
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
small { color: var(--muted); font-size: 0.8125rem; font-weight: 400; }
footer { margin-top: 4rem; padding-top: 1rem; border-top: 1px solid var(--rule); color: var(--muted); font-size: 0.8125rem; }

.headline { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: 1.5rem 2rem; margin: 2.5rem 0 0; padding: 1.5rem 0; border-block: 1px solid var(--rule); border-top-color: var(--strong-rule); }
.headline dt { color: var(--muted); font-size: 0.875rem; }
.headline dd { margin: 0.125rem 0 0; font-size: 1.9rem; line-height: 1.2; }
.headline small { display: block; font-family: system-ui, sans-serif; }

.status { padding-left: 1.25rem; position: relative; max-width: none; overflow-wrap: anywhere; }
.status strong { color: var(--ink); }
.status::before { content: ''; position: absolute; left: 0; top: 0.45em; width: 0.65em; height: 0.65em; border-radius: 50%; background: var(--going); }
.status:not(.running)::before { border-radius: 0; background: var(--mistake); }
`

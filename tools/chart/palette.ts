/** Colours of a figure on a light and on a dark page; its reader has one or the other. */
const palettes = {
  light: {
    paper: '#ffffff',
    ink: '#1f2328',
    faint: '#59636e',
    ours: '#0969da',
    peer: '#afb8c1',
    third: '#2da44e',
    limit: '#cf222e',
  },
  dark: {
    paper: '#0d1117',
    ink: '#e6edf3',
    faint: '#9198a1',
    ours: '#4493f8',
    peer: '#57606a',
    third: '#3fb950',
    limit: '#ff7b72',
  },
}

export type ColorName = keyof typeof palettes.light

/** Refers to a colour of the palettes. */
export function color(name: ColorName): string {
  return `var(--${name})`
}

/** Gives a scheme's colours as CSS variables. */
export function paletteVariables(scheme: keyof typeof palettes): string {
  return Object.entries(palettes[scheme])
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ')
}

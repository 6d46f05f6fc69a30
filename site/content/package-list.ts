/** Reads the packages' names out of the table of the root README, in its order: that of a training step. */
export function packageList(readme: string): string[] {
  return [...readme.matchAll(/^\|.*\| \[([a-z-]+)\]\(packages\/\1\) +\|/gm)].map(([, name]) => name!)
}

import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'

const script = `
import base64, hashlib, json, sys, zipfile
path, stem, files, records = sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), json.loads(sys.argv[4])
with zipfile.ZipFile(path, 'w') as wheel:
    record = ''
    for name, text in files.items():
        wheel.writestr(name, text)
        digest = hashlib.sha256(records.get(name, text).encode()).digest()
        record += name + ',sha256=' + base64.urlsafe_b64encode(digest).decode().rstrip('=') + ',' + str(len(text)) + '\\n'
    wheel.writestr(stem + '.dist-info/RECORD', record)`

interface WheelName {
  name: string
  version: string
  tag?: string
  /** Values of Requires-Dist. */
  requires?: string[]
}

/** Writes a small wheel; `recorded` gives a file another text's hash in RECORD. */
export function writeWheel(
  folder: string,
  { name, version, tag = 'py3-none-manylinux_2_27_x86_64', requires = [] }: WheelName,
  files: Record<string, string>,
  recorded: Record<string, string> = {},
): string {
  const stem = `${name.replaceAll('-', '_')}-${version}`
  const metadata = ['Metadata-Version: 2.1', `Name: ${name}`, `Version: ${version}`]
  const all = {
    ...files,
    [`${stem}.dist-info/METADATA`]: [...metadata, ...requires.map((line) => `Requires-Dist: ${line}`), ''].join('\n'),
    [`${stem}.dist-info/WHEEL`]: `Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: ${tag}\n`,
  }
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${stem}-${tag}.whl`)
  execFileSync('python3', ['-c', script, path, stem, JSON.stringify(all), JSON.stringify(recorded)])
  return path
}

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Finished, findCommand, lastLine, run } from './command'
import { LibtensorflowError } from './errors'
import type { Wheel } from './wheels'

// The tags are fixed, so that any Python takes the same wheel, also one that TensorFlow itself does not support.
const tags = ['--python-version', '3.12', '--implementation', 'cp'].concat(
  ['manylinux_2_27', 'manylinux_2_17', 'manylinux2014'].flatMap((name) => ['--platform', `${name}_x86_64`]),
)

/** Downloads one wheel into `folder` with the user's own pip, so that index, proxy and certificates are the user's. */
export async function download({ requirement, sha256 }: Wheel, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const list = join(folder, 'requirements.txt')
  writeFileSync(list, sha256 ? `${requirement} --hash=sha256:${sha256}\n` : `${requirement}\n`)
  const how = ['--quiet', '--no-cache-dir', '--no-deps', '--only-binary=:all:', ...tags]
  // pip works in TMPDIR, which is often a small file system of its own.
  const result = await run(findPython(), ['-m', 'pip', 'download', ...how, '--dest', folder, '--requirement', list], {
    env: { ...process.env, TMPDIR: folder, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
  })
  const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'))
  if (!result.ok || wheel === undefined) throw new LibtensorflowError(explain(requirement, result))
  return join(folder, wheel)
}

/** Unpacks the entries of a wheel that begin with one of `prefixes`, checking each against the wheel's RECORD. */
export async function unpack(wheel: string, folder: string, prefixes: string[]): Promise<void> {
  const result = await run(findPython(), ['-c', unpackScript, wheel, folder, ...prefixes])
  if (!result.ok) throw new LibtensorflowError(`${wheel} cannot be unpacked: ${lastLine(result.complaint)}.`)
}

/** Finds the user's Python: PYTHON, else python3. */
export function findPython(): string {
  const { PYTHON } = process.env
  const found = findCommand(PYTHON || 'python3')
  if (found) return found
  throw new LibtensorflowError(
    PYTHON
      ? `${PYTHON}, named in PYTHON, is not there: name a Python 3.8 or newer that has pip.`
      : 'python3 is not on PATH, and its pip fetches TensorFlow: install Python 3.8 or newer with pip (Debian: apt-get install python3-pip), or name one in PYTHON.',
  )
}

function explain(requirement: string, { complaint }: Finished): string {
  if (/No module named '?pip\b/.test(complaint)) {
    return `${findPython()} has no pip, which fetches TensorFlow: install it (Debian: apt-get install python3-pip; elsewhere: python3 -m ensurepip).`
  }
  const [, broken] = /after connection broken by '(.*)'/.exec(complaint) ?? []
  if (broken)
    return `pip cannot reach the package index for ${requirement} (check network, proxy and pip config): ${broken}`
  return `pip cannot fetch ${requirement}: ${lastLine(complaint).replace(/^ERROR: /, '')}`
}

const unpackScript = `
import base64, csv, hashlib, io, os, sys, zipfile
wheel, folder, *prefixes = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    record = next(name for name in archive.namelist() if name.endswith('.dist-info/RECORD'))
    for name, digest, _ in csv.reader(io.TextIOWrapper(archive.open(record), 'utf-8')):
        if not name.startswith(tuple(prefixes)) or '..' in name or not digest:
            continue
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        algorithm, expected = digest.split('=')
        found = hashlib.new(algorithm)
        with archive.open(name) as source, open(path, 'wb') as sink:
            for block in iter(lambda: source.read(1 << 20), b''):
                found.update(block)
                sink.write(block)
                print(flush=True)  # fails, and ends this, once the parent is gone
        if base64.urlsafe_b64encode(found.digest()).decode().rstrip('=') != expected:
            sys.exit(name + ' differs from its hash in the RECORD of the wheel')
        os.chmod(path, archive.getinfo(name).external_attr >> 16 & 0o755 | 0o644)
`

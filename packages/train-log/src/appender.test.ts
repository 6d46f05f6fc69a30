import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { appender } from './appender'

vi.mock(import('node:fs'), { spy: true })

const root = mkdtempSync(join(tmpdir(), 'appender-'))
afterAll(() => rmSync(root, { recursive: true }))

test('append(record) takes back the half of a record that a full disk took, and throws', async () => {
  const { appendFileSync: append } = await vi.importActual<typeof import('node:fs')>('node:fs')
  const file = join(root, 'full')
  const lines = appender(file, 0)
  lines.append('é\n')
  vi.mocked(appendFileSync).mockImplementationOnce((descriptor, record) => {
    append(descriptor, String(record).slice(0, 2))
    throw new Error('ENOSPC')
  })
  expect(() => lines.append('two\n')).toThrow('ENOSPC')
  lines.append(Buffer.from('three\n'))
  lines.close()
  expect(readFileSync(file, 'utf8')).toBe('é\nthree\n')
})

test('appender(file, end) cuts off what is behind the end', () => {
  const file = join(root, 'torn')
  writeFileSync(file, 'one\ntw')
  const lines = appender(file, 4)
  lines.append('two\n')
  lines.close()
  lines.close()
  expect(readFileSync(file, 'utf8')).toBe('one\ntwo\n')
  expect(() => lines.append('three\n')).toThrow(`${file} is closed`)
})

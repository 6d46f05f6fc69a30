import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { read, root } from './packages'

interface Step {
  uses?: string
  run?: string
  with?: Record<string, string>
}
interface Workflow {
  permissions: Record<string, string>
  jobs: Record<
    string,
    { permissions?: object; 'timeout-minutes'?: number; strategy?: { matrix: { node: string[] } }; steps: Step[] }
  >
}

const workflows = readdirSync(join(root, '.github/workflows')).map((file) => ({
  file,
  workflow: parse(read(`.github/workflows/${file}`)) as Workflow,
}))
const { scripts, engines } = JSON.parse(read('package.json'))

describe.each(workflows)('$file', ({ workflow }) => {
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  test('every action is named with its version', () => {
    for (const { uses } of steps) if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@(v\d+|[0-9a-f]{40})$/)
  })

  test('every command of ours that it calls is there', () => {
    const texts = steps.flatMap((step) => [step.run, step.with?.version, step.with?.publish]).filter((text) => text)
    const called = texts.flatMap((text) =>
      [...text!.matchAll(/\bpnpm(?:@10)? (?!install)([\w:-]+)/g)].map((match) => match[1]),
    )
    expect(called.filter((name) => !(name! in scripts))).toEqual([])
  })

  test('it may do no more than it says, job by job', () => {
    expect(Object.values(workflow.permissions).filter((right) => right !== 'read')).toEqual([])
  })
})

test('the tests run on the oldest Node that the packages support, and on later lines', () => {
  const { workflow } = workflows.find(({ file }) => file === 'test.yml')!
  const [oldest, ...later] = workflow.jobs.test!.strategy!.matrix.node
  expect(engines.node).toBe(`>=${oldest}.19`)
  expect(later).toEqual(['22', '24'])
  expect(workflow.jobs.test!.steps.map(({ run }) => run)).toContain('.ci/run')
})

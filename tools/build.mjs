// Builds by turbo and keeps quiet about it: node tools/build.mjs TASK... [--filter=PACKAGE...]
import { spawn } from 'node:child_process'

const started = performance.now()
const slow = setTimeout(() => console.log('building the packages …'), 1000)
const turbo = spawn('turbo', ['run', ...process.argv.slice(2), '--output-logs=errors-only', '--log-prefix=task'], {
  env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  stdio: ['ignore', 'pipe', 'pipe'],
})
let output = ''
turbo.stdout.on('data', (data) => (output += data))
turbo.stderr.on('data', (data) => (output += data))
turbo.on('error', (error) => {
  clearTimeout(slow)
  console.error(`turbo cannot be started (${error.message}): run this through pnpm`)
  process.exitCode = 1
})
turbo.on('close', (code) => {
  clearTimeout(slow)
  if (code !== 0) process.stderr.write(output)
  else if (performance.now() - started > 1000) {
    console.log(`built in ${Math.round((performance.now() - started) / 1000)} s`)
  }
  process.exitCode ||= code ?? 1
})

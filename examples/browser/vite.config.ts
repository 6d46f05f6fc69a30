import { defineConfig } from 'vite'

// Relative paths: the built page works in any folder. Top-level await, as src/main.ts has it, needs browsers of 2021 or later.
export default defineConfig({ base: './', build: { target: 'es2022' } })

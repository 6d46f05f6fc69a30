import { basename, dirname, join, resolve } from 'node:path'
import type { Teacher } from './find-teacher'

/** Names a teacher for people, by its file and folder: weights of runs are all called alike. */
export function nameOfTeacher({ weights }: Pick<Teacher, 'weights'>): string {
  return join(basename(dirname(resolve(weights))), basename(weights))
}

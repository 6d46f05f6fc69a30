import type { Plan } from '../plan'
import { architectureName } from '../weights/architectures'
import type { Teacher } from './find-teacher'
import { nameOfTeacher } from './name-of-teacher'
import { logitsBytes, showsTheSame } from './teacher-logits'

/** Says who teaches, and what that costs. */
export function describeTeacher(teacher: Teacher, { recipe, data }: Pick<Plan, 'recipe' | 'data'>): string {
  const { network } = teacher
  const width = network.width === undefined || network.width === 64 ? '' : `, ${network.width} wide`
  const who = `${architectureName(network)}${width}, ${nameOfTeacher(teacher)}`
  const megabytes = (logitsBytes(data.train) / 1e6).toFixed(1)
  return showsTheSame(recipe)
    ? `${who}: asked once for each picture, its answers take ${megabytes} MB`
    : `${who}: asked in each step, for pictures change from epoch to epoch`
}

import { environmentOf, processes, rankOf, statusOf } from '../../../../packages/all-reduce/src/guard/processes'

/** The variable by which the processes of a launch are told from others: what a launcher starts, and what that starts, has it. */
export const mark = 'IMAGENET_CHAOS'

/** The launcher of a launch, its ranks, and all that they started. Zombies are no processes. */
export function processesOf(launch: string): number[] {
  return processes().filter((pid) => environmentOf(pid).includes(`${mark}=${launch}`) && statusOf(pid)?.state !== 'Z')
}

/** What the launcher started as ranks, in their order, without what they started themselves. */
export function ranksOfLaunch(launch: string): number[] {
  const isOfRank = (pid = 0) => rankOf(pid) !== undefined
  return processesOf(launch)
    .filter((pid) => isOfRank(pid) && !isOfRank(statusOf(pid)?.parent))
    .sort((a, b) => rankOf(a)! - rankOf(b)!)
}

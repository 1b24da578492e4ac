import { systemProcess } from '#platform/execute'
import type { House } from '#testing'
import { markAllDue } from '../due.ts'
import { pushDue } from '../push.ts'

/** What a process of its own does until it dies: everything is compared and what differs sent. */
export default async function push({ app }: House): Promise<void> {
  const process = systemProcess(app)
  await markAllDue(process)
  while ((await pushDue(process)) > 0);
}

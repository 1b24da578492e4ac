import { together } from '#platform/reactions'
import { orderEvents } from '../events.ts'
import { followMove } from './holds.ts'

export const deskReactions = [
  together(orderEvents.status_changed, 'orders.follow_holds', followMove),
]

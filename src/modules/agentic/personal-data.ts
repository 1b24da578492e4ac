import type { PersonalData } from '#modules/customers'
import { db } from './tables.ts'

/** What sessions of agents keep of a customer: for their export, and how it is let go. */
export const personalDataOfAgentSessions: PersonalData = {
  name: 'agent_sessions',
  exportOf: (ctx, customer_id) =>
    db(ctx)
      .selectFrom('agent_sessions')
      .select(['id', 'order_id', 'status', 'document', 'told', 'created_at'])
      .where('customer_id', '=', customer_id)
      .orderBy('id')
      .execute(),
  async erase(ctx, customer_id) {
    const rows = await db(ctx)
      .selectFrom('agent_sessions')
      .selectAll()
      .where('customer_id', '=', customer_id)
      .execute()
    for (const { id, document, told } of rows) {
      const nobody = { buyer: null, fulfillment_details: null, groups: [], metadata: null }
      const untold = { order_notes: null, first_touch: null, last_touch: null, intent_trace: null }
      const authentication = document.authentication && {
        ...document.authentication,
        browser: null,
      }
      await db(ctx)
        .updateTable('agent_sessions')
        .set({
          document: { ...document, ...nobody, authentication },
          told: { ...told, ...untold, browser: null, consents: [] },
          updated_at: ctx.now,
        })
        .set((eb) => ({ version: eb('version', '+', 1) }))
        .where('id', '=', id)
        .execute()
    }
  },
}

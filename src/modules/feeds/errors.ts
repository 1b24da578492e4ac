import { defineErrors } from '#kit/errors'

export const feedErrors = defineErrors({
  not_configured: {
    code: 'AGENT_FEED_NOT_CONFIGURED',
    status: 409,
    message: 'No agent keeps a feed of this shop: the setting agent_feed_url is not given.',
  },
})

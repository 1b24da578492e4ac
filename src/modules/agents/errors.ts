import { defineErrors } from '#kit/errors'

export const agentErrors = defineErrors({
  not_found: { code: 'AGENT_NOT_FOUND', status: 404, message: 'There is no agent {agent_id}.' },
  key_not_found: {
    code: 'AGENT_KEY_NOT_FOUND',
    status: 422,
    message: 'There is no API key {api_key_id} that is in use.',
  },
  key_taken: {
    code: 'AGENT_KEY_TAKEN',
    status: 409,
    message: 'The API key {api_key_id} belongs to another agent.',
  },
  not_registered: {
    code: 'AGENT_NOT_REGISTERED',
    status: 403,
    message: 'No agent is known by this API key, so it may put nothing into carts.',
  },
  paused: { code: 'AGENT_PAUSED', status: 403, message: 'The agent {name} is paused.' },
  over_limit: {
    code: 'AGENT_LIMIT_EXCEEDED',
    status: 403,
    message:
      'The agent {name} may put {limit} {currency} into a {scope}; {wanted} more is too much.',
  },
})

import type { Face } from '../rest/faces.ts'
import { mountTools } from './mount.ts'
import { protectedResources } from './protected-resource.ts'

/** The Model Context Protocol at `/mcp`, for the protocol's two eras. */
export const mcp: Face = async (http, app) => {
  const box = async () => (await import('./toolbox.ts')).tradepostTools(http, app)
  protectedResources(http, app)
  await mountTools(http, app, { path: '/mcp', box })
}

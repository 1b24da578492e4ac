import type { LinkScope } from '#modules/ucp'
import type { Wish } from './clients.ts'

const ALLOWED: Record<LinkScope, string> = {
  'dev.ucp.shopping.checkout:manage': 'Buy for you in this shop',
  'dev.ucp.shopping.order:read': 'See how the orders stand that it brought for you',
}
const STYLE = `:root{color-scheme:light dark;--line:#8888}
body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:0 auto;padding:2.5rem 1rem}
.shop{margin:0 0 .5rem;font-weight:600;opacity:.75}
h1{font-size:1.5rem;line-height:1.3;margin:0 0 1rem;overflow-wrap:anywhere}
ul{margin:0 0 1.5rem;padding-left:1.25rem}
label{display:block;margin:0 0 1rem;font-weight:600}
input,button{font:inherit;box-sizing:border-box;width:100%;border-radius:.4rem;border:1px solid var(--line)}
input{padding:.6rem;margin-top:.25rem;font-weight:400}
button{padding:.7rem;margin-top:.75rem;cursor:pointer;background:none;color:inherit}
button[value=allow]{background:#1a5fb4;border-color:#1a5fb4;color:#fff;font-weight:600}
[role=alert]{color:#b3261e;color:light-dark(#b3261e,#ffb4ab);background:#b3261e1a;padding:.6rem .75rem;border-radius:.4rem}`

type Showing = {
  wish: Wish
  shop_name: string
  problem?: string
  email?: string
  asksCode?: boolean
}

/** The page on which a customer logs in and allows, or does not. It has no script. */
export function loginPage({ wish, shop_name, problem, email = '', asksCode }: Showing): string {
  const { client_name, client_id, redirect_uri, code_challenge, scopes, state } = wish
  const carried = {
    response_type: 'code',
    client_id,
    redirect_uri,
    code_challenge,
    code_challenge_method: 'S256',
    scope: scopes.join(' '),
    ...(state !== undefined && { state }),
  }
  const hidden = Object.entries(carried).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`,
  )
  const code =
    '<label>Code of your second factor<input name="totp_code" inputmode="numeric" autocomplete="one-time-code"></label>'
  return page(
    shop_name,
    `<h1>${escaped(client_name)} asks to act for you</h1>
<ul>${scopes.map((scope) => `<li>${ALLOWED[scope]}</li>`).join('')}</ul>
${problem ? `<p role="alert">${escaped(problem)}</p>` : ''}
<form method="post" action="/ucp/oauth/authorize">
${hidden.join('\n')}
<label>E-mail<input name="email" type="email" autocomplete="username" value="${escaped(email)}"></label>
<label>Password<input name="password" type="password" autocomplete="current-password"></label>
${asksCode ? code : ''}
<button name="decision" value="allow">Log in and allow</button>
<button name="decision" value="deny">Do not allow</button>
</form>`,
  )
}

/** A page that says why nobody can be sent on. */
export const problemPage = (shop_name: string, problem: string): string =>
  page(shop_name, `<h1>This cannot be done</h1><p role="alert">${escaped(problem)}</p>`)

const page = (shop_name: string, body: string): string =>
  `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(shop_name)}</title><style>${STYLE}</style></head>
<body><p class="shop">${escaped(shop_name)}</p>
${body}
</body></html>
`

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one)

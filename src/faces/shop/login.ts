type Tokens = {
  access_token: string
  refresh_token: string
  token_type: string
  expires_in: number
}

/** The tokens as the document has them, with the type that its header wants. */
export const loginPrinted = ({ access_token, refresh_token, token_type, expires_in }: Tokens) => ({
  access_token,
  refresh_token,
  token_type,
  expires_in,
})

"""OpenID Connect as a relying party speaks it: values in, values out, no rows and no pages.

Nothing of it belongs into a transaction: it waits for another server, and a refused connection is recorded.

One sign-in: `discovery.discover` → `request.begin` → the browser goes and comes back → `request.take_answer` →
`tokens.exchange_code` → `id_token.check_id_token` → perhaps `userinfo.fetch_userinfo`.
"""

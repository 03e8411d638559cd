// `oidc-provider` with one client, which has to use PKCE, and with its own plain pages to sign in. Whoever is typed is
// taken. E-mail address, name and groups come by userinfo alone, as OpenID Connect has it for codes.
import { Provider } from "oidc-provider";

const { PORT, REDIRECT, SECRET } = process.env;
const person = (id) => ({
  sub: id,
  email: `${id}@example.org`,
  email_verified: true,
  name: "Olga Owl",
  groups: ["Readers", "Builders"],
});
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [{ client_id: "muniment", client_secret: SECRET, redirect_uris: [REDIRECT] }],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  findAccount: (context, id) => ({ accountId: id, claims: () => person(id) }),
  features: { devInteractions: { enabled: true } },
  cookies: { keys: ["keys of a test"] },
});
provider.listen(Number(PORT), "127.0.0.1");

// `oidc-provider` with one client, which has to use PKCE, and with its own plain pages to sign in and out. Whoever is
// typed is taken. E-mail address, name and groups come by userinfo alone, as OpenID Connect has it for codes. Whose
// session ends there it tells the client by the back channel.
import { Provider } from "oidc-provider";

const { PORT, REDIRECT, SIGNED_OUT, BACKCHANNEL, SECRET } = process.env;
const person = (id) => ({
  sub: id,
  email: `${id}@example.org`,
  email_verified: true,
  name: "Olga Owl",
  groups: ["Readers", "Builders"],
});
const provider = new Provider(`http://127.0.0.1:${PORT}`, {
  clients: [
    {
      client_id: "muniment",
      client_secret: SECRET,
      redirect_uris: [REDIRECT],
      post_logout_redirect_uris: [SIGNED_OUT],
      backchannel_logout_uri: BACKCHANNEL,
      backchannel_logout_session_required: true,
    },
  ],
  pkce: { required: () => true },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  findAccount: (context, id) => ({ accountId: id, claims: () => person(id) }),
  features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true } },
  cookies: { keys: ["keys of a test"] },
  fetch: (address, { dispatcher, ...options }) => fetch(address, options), // its own would not go to this machine
});
provider.on("backchannel.error", (context, error) => console.error(error));
provider.listen(Number(PORT), "127.0.0.1");

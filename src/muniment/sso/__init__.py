"""Single sign-on: how people of a team come in through their own identity provider, by SAML 2.0 or OpenID Connect."""

"""SAML 2.0 as a service provider: pure functions from bytes to frozen values, and back.

Nothing here reads a clock, a database, a request or the network: the caller has the bytes and the moment.

The rules, in the order they are held (core: saml-core-2.0-os, profiles: saml-profiles-2.0-os):

* `parsing`: one parser. UTF-8, bounded, no document type, entity, comment or processing instruction, IDs given once.
* `signatures`: a signature is a child of the element it signs, names that element and no other, and is checked with a
  key that was agreed upon beforehand; keys inside the message are never looked at.
* `response`: what was signed is what is read: the one element whose signature was verified, or what lies in it.
* `assertion`: who issued it, for whom, to which address, in answer to which request, and from when until when.
* `logout`: nobody is signed out by a message that is not signed, old, or meant for somebody else.
* `metadata`: what a provider says of itself, and what we say of ourselves.

The engine is libxml2 and xmlsec, and the schemas that python3-saml carries. That library's own reader is not asked: it
reads the clock of the system with a fixed skew of five minutes, takes addresses that begin with or contain ours, and
verifies an element by one path and reads it by another (`tests/attacks/test_assertions_*`).
"""

"""People and groups as a team's provider of identities keeps them (SCIM 2.0: RFC 7643, RFC 7644).

A resource is a view: the e-mail address and the name are the account's, whether somebody is active is the membership's.
Here is only what nobody else has: ids of our own, the provider's ids, the parts of a name, groups.

* A token is one team's. What is another team's is not there.
* People come in by addresses in the team's proven domains alone.
* Nobody is made an owner; owners and break-glass members are left as they are.
* An account that is in another team too is not the provider's to change.
* What changes and what is refused is told: in the audit log, and in words to owners (`selectors.provisioning_log`).
"""

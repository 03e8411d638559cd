from django.conf import settings
from django.db import models

from muniment.core.clock import now
from muniment.core.ids import new_id
from muniment.sso.types import LONGEST_NAME, LONGEST_SUBJECT, Protocol

_ADDRESS = 2048  # characters


class Connection(models.Model):
    """A team's connection to one identity provider. Its id stands in the addresses that the provider is given, and is
    never used again.

    `domains`: those of the team's proven domains whose people it is for; none named: all that no other names.
    """

    id = models.CharField(primary_key=True, max_length=26, default=new_id, editable=False)
    team = models.ForeignKey("teams.Team", on_delete=models.CASCADE, related_name="connections")
    protocol = models.CharField(max_length=4, choices=[(one.value, one.value) for one in Protocol])
    name = models.CharField(max_length=LONGEST_NAME)
    is_on = models.BooleanField(default=False)
    domains = models.JSONField(default=list)
    email_attribute = models.CharField(max_length=255, blank=True)  # empty: the usual ones
    name_attribute = models.CharField(max_length=255, blank=True)
    groups_attribute = models.CharField(max_length=255, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "name"], name="sso_connection_name_once")]

    def __str__(self) -> str:
        return self.id


class SamlProvider(models.Model):
    """What is known of a provider that speaks SAML, and our own key for it.

    `metadata_url`: where it is read anew from; empty where somebody typed it or brought a file. `metadata_signer`: PEM,
    who has to have signed it. `problem`: why it could not be read the last time, as a sentence.
    """

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True, related_name="saml")
    entity_id = models.CharField(max_length=1024, blank=True)
    sso_redirect = models.CharField(max_length=_ADDRESS, blank=True)
    sso_post = models.CharField(max_length=_ADDRESS, blank=True)
    slo_redirect = models.CharField(max_length=_ADDRESS, blank=True)
    slo_post = models.CharField(max_length=_ADDRESS, blank=True)
    slo_response_redirect = models.CharField(max_length=_ADDRESS, blank=True)
    slo_response_post = models.CharField(max_length=_ADDRESS, blank=True)
    certificates = models.JSONField(default=list)  # PEM
    metadata_url = models.CharField(max_length=_ADDRESS, blank=True)
    metadata_signer = models.TextField(blank=True)
    metadata_read_at = models.DateTimeField(null=True)
    metadata_valid_until = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True)
    warned_days = models.PositiveSmallIntegerField(null=True)  # of `types.WARN_DAYS`: the last that owners were told
    lets_provider_begin = models.BooleanField(default=False)
    our_certificate = models.TextField()
    our_sealed_key = models.BinaryField()

    def __str__(self) -> str:
        return self.connection_id


class OidcProvider(models.Model):
    """What is known of a provider that speaks OpenID Connect. `discovered`, `keys`: what it published, as read."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, primary_key=True, related_name="oidc")
    issuer = models.CharField(max_length=_ADDRESS, blank=True)
    client_id = models.CharField(max_length=255, blank=True)
    sealed_secret = models.BinaryField(null=True)
    client_auth = models.CharField(max_length=20, blank=True)  # empty: what the provider takes
    scopes = models.CharField(max_length=500, blank=True)  # beside openid, email and profile
    signs_out_by_form = models.BooleanField(default=False)
    discovered = models.JSONField(null=True)
    discovered_at = models.DateTimeField(null=True)
    keys = models.JSONField(null=True)
    keys_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.connection_id


class Identity(models.Model):
    """As whom a provider knows one of our people.

    Attack stopped: somebody is given the address of who left, and with it his account; or two teams' providers name
    people alike. Who somebody is, is this connection and this subject, never the e-mail address.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(default=now, editable=False)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["connection", "subject"], name="sso_identity_subject_once"),
            models.UniqueConstraint(fields=["connection", "user"], name="sso_identity_user_once"),
        ]

    def __str__(self) -> str:
        return f"{self.connection_id}/{self.pk}"


class Visit(models.Model):
    """A session that a provider opened, by the names it has there: what a sign-out that comes from there must name."""

    session = models.OneToOneField("accounts.Session", on_delete=models.CASCADE, primary_key=True, related_name="+")
    identity = models.ForeignKey(Identity, on_delete=models.CASCADE, related_name="visits")
    session_index = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return f"{self.identity_id}"


class ChatUser(models.Model):
    """Somebody for whom a connection vouches, who asks agents and is no member: no account, no name, no address.

    `ref`: by what conversations and the log know the person. `groups` and `domain`, of the address, are kept as the
    provider last said them: each request is judged by them.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="chat_users")
    subject = models.CharField(max_length=LONGEST_SUBJECT)
    ref = models.CharField(max_length=26, unique=True, default=new_id, editable=False)
    groups = models.JSONField(default=list)
    domain = models.CharField(max_length=253, blank=True)
    created_at = models.DateTimeField(default=now, editable=False)
    seen_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "subject"], name="sso_chat_user_subject_once")]

    def __str__(self) -> str:
        return self.ref


class ChatSession(models.Model):
    """A browser in which a chat user is signed in to one agent. No session of Django's: nobody is signed in to that.

    `agent`: the id of what it opens, which is a room's above. `until`: when the provider wants it to end, or it was
    ended here.
    `session_index`, `name_id_format`, `id_token`: what a sign-out must name, from there or from here.
    """

    token_hash = models.BinaryField(primary_key=True, max_length=32)  # SHA-256 of 256 random bits
    chat_user = models.ForeignKey(ChatUser, on_delete=models.CASCADE, related_name="sessions")
    agent = models.CharField(max_length=26, editable=False)
    session_index = models.CharField(max_length=255, blank=True)
    name_id_format = models.CharField(max_length=255, blank=True)
    id_token = models.TextField(blank=True)
    until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now, editable=False)
    seen_at = models.DateTimeField(default=now, db_index=True)

    def __str__(self) -> str:
        return f"{self.chat_user_id}"


class TakenStatement(models.Model):
    """A statement or a message that was used, remembered for as long as it would be believed a second time."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    name = models.BinaryField(max_length=32)  # SHA-256 of its id
    until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["connection", "name"], name="sso_statement_once")]

    def __str__(self) -> str:
        return f"{self.connection_id}/{self.pk}"


class Arrival(models.Model):
    """A message that a browser brought from elsewhere, for the moment until it comes back with its own cookie, which it
    does not send with a form of another site (SameSite=Lax).
    """

    name = models.BinaryField(primary_key=True, max_length=32)  # SHA-256 of the 256 random bits in the address
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    message = models.TextField()
    relay_state = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return self.connection_id

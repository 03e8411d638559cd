"""Every connection that the way out refused is in the log: implements `core.registries.EgressRule`."""

from django.db import transaction

from muniment.audit.events import CONNECTION_REFUSED
from muniment.audit.services import record
from muniment.audit.types import Outcome
from muniment.core.actors import Actor
from muniment.core.network.types import Refusal


def record_refusal(actor: Actor, refusal: Refusal) -> None:
    facts = {"purpose": refusal.purpose, "reason": refusal.reason, "port": refusal.port}
    sealed = {"scheme": refusal.scheme, "host": refusal.host}
    with transaction.atomic():
        record(kind=CONNECTION_REFUSED, actor=actor, outcome=Outcome.REFUSED, facts=facts, sealed=sealed)

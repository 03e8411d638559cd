"""Writing and asking a team's providers. Offered to other rooms by `llm.services`."""

import time
from decimal import Decimal
from functools import partial
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from muniment.audit.services import record
from muniment.core.actors import Actor
from muniment.core.cleaning import one_line
from muniment.core.errors import MunimentError, Term
from muniment.core.network.addresses import Target, split_address
from muniment.core.network.errors import AddressError
from muniment.core.network.http import Limits, exchange
from muniment.core.network.types import Purpose
from muniment.core.registries import OutboundMasking
from muniment.crypto.errors import KeyDestroyedError, SealError
from muniment.crypto.fields import open_field, seal_field
from muniment.llm import events
from muniment.llm.budget import MILLION, Prices, reserve, settle
from muniment.llm.errors import ModelRefusedError, ProviderError
from muniment.llm.gates import through_gates
from muniment.llm.models import Budget, Provider
from muniment.llm.openai.model import OpenAIModel, Paid
from muniment.llm.openai.wire import Endpoint, model_names
from muniment.llm.policies import check_update, may_be_told
from muniment.llm.selectors import provider as own_provider
from muniment.llm.types import ChatMessage, ChatRequest, Destination, ProviderKind, Role, Trial

_TABLE = "llm_provider"
_CHANGEABLE = frozenset({"name", "kind", "base_url", "model", "api_version", "patience", "input_price", "output_price"})
_LENGTHS = {"name": 100, "base_url": 500, "model": 200, "api_version": 40}
_PARTS = {
    "name": Term("name"),
    "base_url": Term("base url"),
    "model": Term("model"),
    "api_version": Term("api version"),
}
_LONGEST_KEY = 4000
_TRIAL = ChatRequest((ChatMessage(Role.USER, "Say: ready"),), max_tokens=64)


def add_provider(*, actor: Actor, key: str = "", **fields: Any) -> Provider:
    """`fields` as in `models.Provider`. The key is sealed before anything is stored, and shown never again."""
    team = check_update(actor)
    made = Provider(team=team, **_checked(fields))
    if not made.name or not made.model:
        raise ProviderError("A provider needs a name and a model. Type both.")
    _seal(made, key)
    with transaction.atomic():
        _save(made)
        record(kind=events.PROVIDER_ADDED, actor=actor, subject=made.pk, facts={"inside": is_inside(made)})
    return made


def update_provider(*, actor: Actor, provider: str, key: str | None = None, **fields: Any) -> Provider:
    """Changes some fields, and the key unless it is None (empty removes it).

    Attack stopped: whoever may change the address points it at a server of his own, to be sent the key. A key opens for
    the host it was typed for; for another it has to be typed anew.
    """
    check_update(actor)
    found = own_provider(actor, provider)
    before = _target(found)
    for name, value in _checked(fields).items():
        setattr(found, name, value)
    if key is None and found.sealed_key is not None and _target(found) != before:
        raise ProviderError("The key was typed for another address. Type it again, so that it may be sent there.")
    if key is not None:
        _seal(found, key)
    with transaction.atomic():
        _save(found)
        facts = {"fields": len(fields), "key": key is not None}
        record(kind=events.PROVIDER_UPDATED, actor=actor, subject=found.pk, facts=facts)
    return found


def remove_provider(*, actor: Actor, provider: str) -> None:
    """Agents that used it answer by quoting until another one is chosen for them."""
    check_update(actor)
    found = own_provider(actor, provider)
    with transaction.atomic():
        record(kind=events.PROVIDER_REMOVED, actor=actor, subject=found.pk)
        found.delete()


def set_budget(*, actor: Actor, tokens: int | None, cost: Decimal | None) -> None:
    """What the team may spend in a month over all its providers; None: no limit."""
    team = check_update(actor)
    with transaction.atomic():
        millionths = None if cost is None else int(cost * MILLION)
        Budget.objects.update_or_create(team=team, defaults={"tokens": tokens, "cost": millionths})
        record(kind=events.BUDGET_SET, actor=actor, subject=team)


def try_provider(*, actor: Actor, provider: str) -> Trial:
    """Asks for its models and for a word, through gate and budget as every call; what came of it, in words."""
    check_update(actor)
    found = own_provider(actor, provider)
    began = time.monotonic()
    names: tuple[str, ...] = ()
    why = None
    try:
        names = _listed(found, actor)
        began = time.monotonic()
        "".join(_model(found, actor, OutboundMasking(), gated=True).stream(_TRIAL, stopped=lambda: False))
    except MunimentError as error:
        why = error
    trial = Trial(int((time.monotonic() - began) * 1000), names, why)
    with transaction.atomic():
        facts = {"answered": trial.answered, "milliseconds": trial.milliseconds}
        record(kind=events.PROVIDER_TRIED, actor=actor, subject=found.pk, facts=facts)
    return trial


def chat_model(*, actor: Actor, provider: str, masking: OutboundMasking, gated_inside: bool = True) -> OpenAIModel:
    """The model to ask for this actor's team. Raises ModelRefusedError when the provider was removed.

    `gated_inside`: False where the agent's masking is off: then what goes to a host of the operator's own
    (MUNIMENT_INTERNAL_HOSTS) passes no gate. What goes elsewhere passes it, whatever is said here.
    """
    found = Provider.objects.filter(pk=provider, team=actor.team).first() if actor.team else None
    if found is None:
        raise ModelRefusedError("The model of this agent was removed. Choose another one under Character.")
    return _model(found, actor, masking, gated=gated_inside or not is_inside(found))


def destination(*, actor: Actor, provider: str) -> Destination | None:
    """Where a provider of the actor's team is; None for one that was removed."""
    found = Provider.objects.filter(pk=provider).first()
    if found is None or not may_be_told(actor, found.team):
        return None
    return Destination(found.name, found.model, _target(found).netloc, is_inside(found))


def is_inside(provider: Provider) -> bool:
    """Whether it is a host of the operator's own."""
    return _target(provider) in settings.MUNIMENT_INTERNAL_HOSTS


def _model(found: Provider, actor: Actor, masking: OutboundMasking, *, gated: bool) -> OpenAIModel:
    return OpenAIModel(
        name=f"{found.name} ({found.model})",
        endpoint=_endpoint(found),
        is_external=not is_inside(found),
        actor=actor,
        gate=partial(through_gates, masking=masking) if gated else bytes,
        reserve=partial(_reserved, found, actor),
        limits=Limits(idle=float(found.patience)),
    )


def _reserved(found: Provider, actor: Actor, asked: int, answered: int) -> Paid:
    prices = Prices(found.input_price, found.output_price)
    reservation = reserve(team=found.team, prices=prices, asked=asked, answered=answered)

    def paid(asked: int, answered: int, whole: bool) -> None:
        facts = {"tokens": asked + answered, "answered": whole, "inside": is_inside(found)}
        with transaction.atomic():
            settle(reservation, tokens=asked + answered, cost=prices.cost(asked, answered))
            record(kind=events.MODEL_CALLED, actor=actor, subject=found.pk, facts=facts)

    return paid


def _listed(found: Provider, actor: Actor) -> tuple[str, ...]:
    """The models it says it has; none where it does not say. That it cannot be reached is raised."""
    request = _endpoint(found).listing()
    limits = Limits(idle=20, total=30, body=2**20)
    with exchange(request, actor=actor, purpose=Purpose.MODEL, limits=limits) as response:
        return model_names(b"".join(response.body)) if response.status == 200 else ()


def _endpoint(found: Provider) -> Endpoint:
    key = ""
    if found.sealed_key is not None:
        key = _opened(found, bytes(found.sealed_key))
    return Endpoint(ProviderKind(found.kind), found.base_url, found.model, found.api_version, key)


def _seal(found: Provider, key: str) -> None:
    key = key.strip()
    if len(key) > _LONGEST_KEY or not key.isascii() or not key.isprintable() or " " in key:
        raise ProviderError("A key has no blanks and no special letters. Copy it once more from the provider's page.")
    purpose = _purpose(found)
    found.sealed_key = seal_field(key, team=found.team, table=_TABLE, row=found.pk, purpose=purpose) if key else None


def _opened(found: Provider, sealed: bytes) -> str:
    try:
        return open_field(sealed, team=found.team, table=_TABLE, row=found.pk, purpose=_purpose(found))
    except (SealError, KeyDestroyedError):
        raise ModelRefusedError(
            "The key of this provider does not open for its address. An owner can type it again under Models."
        ) from None


def _purpose(found: Provider) -> str:
    return f"key for {_target(found)}"


def _target(found: Provider) -> Target:
    return split_address(found.base_url)[0]


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(fields) - _CHANGEABLE:
        raise TypeError(f"a provider has no {', '.join(sorted(unknown))}")
    found = {name: one_line(value) if isinstance(value, str) else value for name, value in fields.items()}
    for name, longest in _LENGTHS.items():
        if len(found.get(name, "")) > longest:
            raise ProviderError(
                "The {part} is longer than {longest} characters. Shorten it.", part=_PARTS[name], longest=longest
            )
    if "base_url" in found:
        _check_address(found["base_url"])
    if "kind" in found:
        found["kind"] = ProviderKind(found["kind"])
    return found


def _check_address(address: str) -> None:
    try:
        target, _ = split_address(address)
    except AddressError as error:
        raise ProviderError(error) from None
    if target.scheme not in {"http", "https"}:
        raise ProviderError("A model is reached by https. The address looks like https://models.example.org/v1")
    if target.scheme == "http" and target not in settings.MUNIMENT_INTERNAL_HOSTS:
        raise ProviderError(
            "{target} is not encrypted, and not one of the hosts the operator allowed (MUNIMENT_INTERNAL_HOSTS).",
            target=target,
        )


def _save(found: Provider) -> None:
    try:
        with transaction.atomic():
            found.save()
    except IntegrityError:
        raise ProviderError("There is a provider with this name already. Choose another name.") from None

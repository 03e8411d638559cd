"""The pages of single sign-on, in the states that an owner, an administrator and who arrives may meet."""

from base64 import b64encode
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import override

from muniment.scim.pages import TokenForm
from muniment.sso import guides
from muniment.sso.forms import (
    ConnectionForm,
    DomainForm,
    MetadataAddressForm,
    MetadataDocumentForm,
    NewConnectionForm,
    OidcForm,
    TypedProviderForm,
)
from muniment.sso.guides import GUIDES
from muniment.sso.people_forms import PeopleForm
from muniment.sso.types import Protocol
from tests.look.samples_agents import NOON
from tests.look.samples_frame import frame
from tests.look.samples_team import LONG, PEOPLE, ROLES

ID = "k3zqcsbn2ammotiyrqeuw2bsu4"
BASE = "https://muniment.klinikum-suedost.example"
TABS = {"Profile": "/profile", "Security": "/profile/security", "Single sign-on": "/profile/sso"}
GIVEN = [key for key in ROLES if key[0] != "owner"]


def page(name: str, **context: Any) -> tuple[str, dict[str, Any]]:
    tabs = [{"label": label, "url": url, "current": label == "Single sign-on"} for label, url in TABS.items()]
    return f"sso/{name}.html", frame("Single sign-on", profile_tabs=tabs, **({"may_change": True} | context))


def domain(number: int, name: str, state: str, word: str, text: str, **more: Any) -> dict[str, Any]:
    facts = {"id": f"d{number}", "name": name, "unicode_name": "", "state": state, "word": word, "text": text}
    record = {
        "record_name": f"_muniment-challenge.{name}",
        "record_value": "muniment-verification=" + "Zk3v" * 10 + "abc",
    }
    return facts | record | {"failed": False, "verified": False, "missing": False} | more


VERIFIED = domain(1, "klinikum-suedost.example", "ok", "Verified", "The record is looked at each day.", verified=True)
PENDING = domain(2, "xn--klinik-sdost-0ob.example", "wait", "Pending", "There is no such record yet.")
PENDING["unicode_name"] = "klinik-südost.example"
MISSING = domain(3, "kso.example", "warn", "Record missing", "The record is gone.", verified=True, missing=True)
FAILED = domain(4, "old.example", "error", "Failed", "The record was looked for in vain.", failed=True)
ENDS = ("warn", "Ends in 6 days", "Bring the provider's new metadata before that.")


def row(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "name": name,
        "protocol": "SAML 2.0",
        "is_on": True,
        "is_complete": True,
        "certificate": None,
    } | more


def home(**context: Any) -> tuple[str, dict[str, Any]]:
    facts: dict[str, Any] = {
        "form": DomainForm(),
        "domains": [],
        "connections": [],
        "done": {"domains": False, "connections": False, "on": False},
        "provisioning": {"joins_on_sign_in": False, "scim": False},
        "only": False,
        "kept": [],
    }
    return page("home", **(facts | context))


def full(**more: Any) -> tuple[str, dict[str, Any]]:
    rows = [row("Entra ID of the clinic", certificate=ENDS), row("Nursing school", is_on=False)]
    context: dict[str, Any] = {
        "domains": [VERIFIED, PENDING, MISSING, FAILED],
        "connections": [*rows, row("Not yet", is_complete=False, is_on=False)],
        "done": {"domains": True, "connections": True, "on": True},
        "provisioning": {"joins_on_sign_in": True, "scim": True},
        "only": True,
        "kept": [PEOPLE[0][0]],
    }
    return home(**(context | more))


def connection(**more: Any) -> dict[str, Any]:
    saml = {
        "entity_id": "https://sts.windows.example/6f1c1a5e-3b0e-4d52-8b1f-c0ffee000001/",
        "sso_redirect": "https://login.microsoftonline.example/6f1c1a5e/saml2",
        "slo_redirect": "https://login.microsoftonline.example/6f1c1a5e/saml2",
        "metadata_url": "https://login.microsoftonline.example/6f1c1a5e/federationmetadata/2007-06/federationmetadata.xml",
        "metadata_read_at": NOON,
    }
    certificates = [SimpleNamespace(expires=NOON + timedelta(days=6), fingerprint="c0ffee" * 10, name="CN=idp")]
    facts = {"id": ID, "name": "Entra ID of the clinic", "is_on": True, "is_saml": True, "is_complete": True}
    facts["guides"] = [{"label": label, "url": f"/{name}"} for name, label in GUIDES[Protocol.SAML].items()]
    addresses = {name: f"{BASE}/sso/saml/{ID}/{end}" for name, end in (("acs", "acs"), ("entity_id", "metadata"))}
    return (
        facts | addresses | {"sls": f"{BASE}/sso/saml/{ID}/logout", "saml": saml, "certificates": certificates} | more
    )


def one(
    about: dict[str, Any], *, protocol: str = "saml", people: bool = True, **more: Any
) -> tuple[str, dict[str, Any]]:
    domains = ["klinikum-suedost.example", "kso.example"]
    listed = [{"id": n, "name": who[0], "email": who[1], "seen_at": NOON} for n, who in enumerate(PEOPLE)] * people
    form = ConnectionForm(initial={"name": about["name"]}, domains=domains, protocol=protocol)
    context = {"connection": about, "form": form, "people": listed, "page": Paginator(listed, 50).page(1)}
    return page("connection", **(context | more))


OIDC = connection(
    is_saml=False,
    guides=[{"label": "Any provider of OpenID Connect", "url": "/openid-connect"}],
    callback=f"{BASE}/sso/oidc/{ID}/callback",
    signed_out=f"{BASE}/sso/oidc/{ID}/signed-out",
    backchannel_logout=f"{BASE}/sso/oidc/{ID}/backchannel-logout",
    signs_out_at="https://id.klinikum-suedost.example/realms/staff/protocol/openid-connect/logout",
    oidc={"issuer": "https://id.klinikum-suedost.example/realms/staff", "client_id": "muniment", "sealed_secret": b"x"},
    certificate=None,
)
UNSET = connection(is_on=False, is_complete=False, saml={})


def to_picture(name: str) -> str:
    kind = "svg+xml" if name.endswith(".svg") else "png"
    return f"data:image/{kind};base64,{b64encode(guides.picture(name)).decode()}"


def guide(protocol: Protocol, name: str, language: str = "en") -> tuple[str, dict[str, Any]]:
    of: Any = SimpleNamespace(pk=ID, protocol=protocol)
    with override(language):
        shown = guides.guide(of, name, to_guide=lambda other: f"/{other}", to_picture=to_picture)
    return page("guide", guide=shown)


def provider(form: Any, by: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return page("provider", form=form, by=by, connection=connection(**more))


def trial(**more: Any) -> tuple[str, dict[str, Any]]:
    attributes = {
        "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress": [LONG],
        "displayName": [PEOPLE[0][0]],
        "groups": ["Nursing", "Quality and patient safety", "6f1c1a5e-3b0e-4d52-8b1f-c0ffee000001"],
    }
    facts = {"way": "created", "email": LONG, "name": PEOPLE[0][0], "subject": "AAdzZWNyZXQx" * 4}
    said = "An account would be made for this person, who would become a member and be signed in."
    shown = {"said": more.pop("said", said), "mend": more.pop("mend", {})}
    came = facts | {"groups": attributes["groups"], "attributes": attributes} | more
    return page("trial", connection=connection(), trial=came, role="Analyst", **shown)


def people(**more: Any) -> tuple[str, dict[str, Any]]:
    form = PeopleForm(
        initial={"role": "member", "departure": "transfer"}, roles=GIVEN, heirs=[("r" * 26, PEOPLE[0][0])]
    )
    rules = [{"group": "Muniment builders", "role": "builder"}, {"group": LONG, "role": "analyst"}]
    return page("people", **({"form": form, "rules": rules, "rule_errors": {}, "roles": GIVEN} | more))


def only(**more: Any) -> tuple[str, dict[str, Any]]:
    owners = [{"id": 1, "name": PEOPLE[0][0], "kept": True}, {"id": 2, "name": LONG, "kept": False}]
    return page("only", **({"only": False, "came_by_provider": True, "kept": True, "owners": owners} | more))


def refused_form(form: Any, field: str | None, sentence: str) -> Any:
    form.add_error(field, sentence)
    return form


WHY = "Your e-mail address is in no domain that your team has proven to be its own. Ask an owner of your team."
WRONG = "This is not an address that is taken. It looks like https://models.example.org/v1: a scheme, a host."
STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "sso/home--first": home(),
    "sso/home--pending": home(domains=[PENDING]),
    "sso/home": full(),
    "sso/home--reader": full(may_change=False),
    "sso/new": page("new", form=NewConnectionForm()),
    "sso/connection": one(connection(certificate=ENDS)),
    "sso/connection--unset": one(UNSET, people=False),
    "sso/connection--oidc": one(OIDC, protocol="oidc"),
    "sso/connection--reader": one(connection(), may_change=False),
    "sso/guide": guide(Protocol.SAML, "entra"),
    "sso/guide--german": guide(Protocol.SAML, "simplesamlphp", "de"),
    "sso/guide--oidc": guide(Protocol.OIDC, "openid-connect"),
    "sso/provider": provider(MetadataAddressForm(), "address"),
    "sso/provider--refused": provider(refused_form(MetadataAddressForm({}), "url", WRONG), "address"),
    "sso/provider--document": provider(MetadataDocumentForm(), "document"),
    "sso/provider--typed": provider(TypedProviderForm(), "typed"),
    "sso/provider--oidc": provider(OidcForm(), "", is_saml=False),
    "sso/trial": trial(),
    "sso/trial--refused": trial(way=None, said=WHY, mend={"url": "/profile/sso", "label": "Your domain"}),
    "sso/people": people(),
    "sso/people--reader": people(may_change=False),
    "sso/only": only(),
    "sso/only--not-yet": only(kept=False, came_by_provider=False),
    "sso/only--on": only(only=True),
    "sso/sign_in": ("sso/sign_in.html", {"said": "", "email": "", "next": ""}),
    "sso/sign_in--unknown": (
        "sso/sign_in.html",
        {"said": "No organisation signs in with this address here.", "email": LONG, "next": "/agents"},
    ),
    "sso/refused": ("sso/refused.html", {"sentence": "Your access to this team is suspended. Ask an owner."}),
    "sso/signed_out": ("sso/signed_out.html", {"said": ""}),
    "sso/signed_out--here": ("sso/signed_out.html", {"said": "The provider could not sign you out everywhere."}),
}


def provisioning(template: str = "provisioning", **context: Any) -> tuple[str, dict[str, Any]]:
    labels = (*TABS, "Provisioning")
    tabs = [{"label": label, "url": "/profile", "current": label == "Provisioning"} for label in labels]
    facts: dict[str, Any] = {
        "is_on": True,
        "address": f"{BASE}/scim/v2",
        "tokens": [],
        "may_make": True,
        "form": TokenForm(),
        "people": 0,
        "stakes": None,
        "heir": False,
        "log": [],
        "may_change": True,
    }
    return f"scim/{template}.html", frame("Provisioning", profile_tabs=tabs, **(facts | context))


def kept_people(**context: Any) -> tuple[str, dict[str, Any]]:
    ends = {"expires": NOON + timedelta(days=90), "used": NOON, "tail": "x7Qa"}
    tokens = [
        {"one": SimpleNamespace(id="t1", name="Entra ID, 2026", **ends), "expired": False},
        {"one": SimpleNamespace(id="t2", name="Entra ID, 2025", **(ends | {"used": None})), "expired": True},
    ]
    why = "This person owns the team, or is kept to enter when the provider fails. Change them on its pages."
    row = {"at": NOON, "token": "Entra ID, 2026", "whom": PEOPLE[1][0], "reason": ""}
    log = [
        row | {"act": "Suspend somebody", "done": False, "reason": why},
        row | {"act": "Bring somebody into the team", "whom": LONG, "done": True},
    ]
    stakes = {"agents": 12, "words": 3_812_440}
    told = {"tokens": tokens, "may_make": False, "people": 240, "stakes": stakes, "log": log}
    return provisioning(**(told | context))


STATES |= {
    "scim/provisioning--first": provisioning(is_on=False),
    "scim/provisioning": kept_people(),
    "scim/provisioning--heir": kept_people(heir=True, may_make=True),
    "scim/provisioning--reader": kept_people(may_change=False, stakes=None),
    "scim/token_made": provisioning("token_made", token="muniment_scim_" + "aB3" * 14 + "x_1a2b3c4d", name="Entra ID"),
}
FRAGMENTS = {  # they lead away at once: nothing to be photographed
    "sso/leading": ("sso/leading.html", {"address": "https://idp.example/form", "host": "idp.example", "fields": {}}),
    "sso/leading--form": (
        "sso/leading.html",
        {"address": "https://idp.example/form", "host": "idp.example", "fields": {"SAMLRequest": "PHNhbWw"}},
    ),
}

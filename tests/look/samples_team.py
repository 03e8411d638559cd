"""The pages of a team: members, one of them, invitations, roles; and who may use an agent."""

from datetime import timedelta
from typing import Any

from django.core.paginator import Paginator

from muniment.api.reference import reference
from muniment.teams.forms import EmailLinkForm, InviteForm, JoinForm, KeyForm, RoleForm, SignInPolicyForm, TokenForm
from muniment.teams.types import PERMISSIONS, Role
from muniment.teams.words import KEY_USES, RESOURCES
from tests.look.samples_agents import NOON
from tests.look.samples_agents import page as of_agent
from tests.look.samples_frame import frame

LONG = "maximiliane.von-und-zu-hohenstein-wallersberg@klinikum-suedost.example"
PEOPLE = [
    ("Dr. Annegret Müller-Lüdenscheidt", "a.mueller-luedenscheidt@klinikum-suedost.example", "Owner", None, True),
    ("Bashir Nouri", "b.nouri@klinikum-suedost.example", "Administrator", None, False),
    (LONG, LONG, "Quality and patient safety, external", None, False),
    ("Carla Ríos", "c.rios@klinikum-suedost.example", "Chat only", NOON, False),
]
ROLES = [("owner", "Owner"), ("administrator", "Administrator"), ("builder", "Builder"), ("analyst", "Analyst")]
ROLES += [("member", "Member"), ("chat_only", "Chat only"), ("x" * 26, "Quality and patient safety, external")]
KEYS = [{"key": key, "name": name} for key, name in ROLES]
TEXTS = {"Owner": "Everything, and who else is an owner.", "Builder": "Makes and keeps the agents of the team."}
LINK = "https://muniment.klinikum-suedost.example/invitation#" + "c0ffee-" * 6


def member(row: tuple[str, str, str, Any, bool], number: int = 1) -> dict[str, Any]:
    name, email, role, suspended_at, is_me = row
    facts = {"id": number, "ref": "r" * 26, "name": name, "email": email, "role": role, "role_key": role.lower()}
    more = {"suspended_at": suspended_at, "since": NOON - timedelta(days=400), "is_me": is_me}
    return facts | more | {"url": f"/members/{number}"}


def page(name: str, tab: str = "Members", **context: Any) -> tuple[str, dict[str, Any]]:
    names = {"Members": "/members", "Roles": "/roles", "API keys": "/keys", "Credits": "/team/credits"}
    names |= {"Sign-in": "/team/sign-in"}
    tabs = [{"label": one, "url": url, "current": one == tab} for one, url in names.items()]
    return f"team/{name}.html", frame(tab, team_tabs=tabs, **context)


def members(shown: list[Any], **more: Any) -> tuple[str, dict[str, Any]]:
    context = {"q": "", "search": "", "role": "", "roles": KEYS, "may_invite": True, "invitations": []}
    listed = Paginator([member(one, number) for number, one in enumerate(shown, 1)], 50).page(1)
    return page("members", members=listed, **(context | more))


def one(number: int, **more: Any) -> tuple[str, dict[str, Any]]:
    choices = [
        {"key": key, "name": name, "text": TEXTS.get(name, ""), "chosen": key == "builder"} for key, name in ROLES
    ]
    context = {"choices": choices, "may_suspend": True, "may_remove": True, "may_recover": True}
    return page("member", member=member(PEOPLE[number], number), **(context | more))


def remove(**more: Any) -> tuple[str, dict[str, Any]]:
    stakes = {"agents": 3, "documents": 1240, "words": 3_812_440, "conversations": 340, "keys": 2}
    heirs = [{"id": 1, "name": PEOPLE[0][0]}, {"id": 2, "name": LONG}]
    context = {"member": member(PEOPLE[1], 2), "stakes": stakes, "heirs": heirs, "error": ""}
    return page("remove", **(context | more))


def role(own: bool, **more: Any) -> tuple[str, dict[str, Any]]:
    held = PERMISSIONS[Role.ANALYST]
    groups = [
        {
            "label": label,
            "permissions": [
                {
                    "value": permission.value,
                    "label": words,
                    "chosen": "all" if permission in held else "granted" if permission.action == "create" else "",
                    "per_agent": permission.is_per_agent,
                    "open": own and permission.resource != "credit",
                }
                for permission, words in permissions
            ],
        }
        for label, permissions in RESOURCES
    ]
    name = ROLES[-1][1] if own else "Analyst"
    shown = {"name": name, "text": "Sees how agents are used.", "url": "/roles/x"}
    context = {"role": shown, "groups": groups, "may_change": own, "is_own": own, "may_delete": own, "members": 2}
    form = RoleForm(initial={"name": name, "description": "Sees how agents are used."})
    return page("role", "Roles", **(context | {"form": form, "replacements": KEYS[1:]} | more))


def key(letter: str, name: str, owner: str, **more: Any) -> dict[str, Any]:
    made = {"id": letter * 26, "name": name, "tail": "x7Qp", "owner": owner, "uses": "Ask", "agents": None}
    when = {"expires_at": NOON + timedelta(days=90), "expired": False, "used_at": NOON, "may_revoke": True}
    return made | when | more


def key_new(form: KeyForm, **more: Any) -> tuple[str, dict[str, Any]]:
    groups = [
        {"label": label, "permissions": [{"value": one.value, "label": words} for one, words in permissions]}
        for label, permissions in RESOURCES[:3]
    ]
    presets = [{"value": one.value, "label": uses[0], "text": uses[1], "open": True} for one, uses in KEY_USES.items()]
    agents = [{"id": "a" * 26, "name": "Patient information"}, {"id": "b" * 26, "name": LONG}]
    consents = [
        {"value": "ours", "label": "Muniment does. Until an agent has a notice, let only your team ask"},
        {"value": "client", "label": "My own service collects it, and I vouch for it"},
    ]
    sent = {"preset": "ask", "reach": "all", "consent": "ours", "agents": [], "permissions": []}
    context = {"form": form, "groups": groups, "presets": presets, "agents": agents, "consents": consents, "sent": sent}
    return page("key_new", "API keys", **(context | more))


CHOSEN = {"preset": "chosen", "reach": "chosen", "consent": "client", "agents": ["a" * 26], "permissions": []}
TOKEN = "muniment_" + "aB3-" * 10 + "xYz_0badc0de"
SHOWN_KEYS = [
    key("k", "Website of the clinic", "The team", agents=["Patient information"]),
    key("l", "Evaluation by " + LONG, LONG, uses="7 permissions", used_at=None, may_revoke=False),
    key("m", "Old importer", "Bashir Nouri", uses="Build", expired=True),
]


def people(**more: Any) -> tuple[str, dict[str, Any]]:
    grants = [
        {"id": 1, "name": "Carla Ríos", "email": "c.rios@klinikum-suedost.example", "step": "Ask"},
        {"id": 2, "name": ROLES[-1][1], "email": "", "step": "Ask and read documents"},
    ]
    shown = [
        {"name": name, "email": email, "role": role, "step": "Build and share", "by": "By role"}
        for name, email, role, _, _ in PEOPLE
    ]
    steps = [{"key": key, "label": label} for key, label in (("ask", "Ask"), ("read", "Ask and read documents"))]
    context = {"grants": grants, "people": shown, "more": 12, "personal": False, "may_share": True}
    context |= {"may_publish": False, "may_hide": True, "roles": KEYS[1:], "steps": steps, "error": "", "typed": ""}
    return "agents/people.html", of_agent("Share", **(context | {"colleagues": [row[1] for row in PEOPLE]} | more))


INVITED = [{"id": "i" * 26, "email": LONG, "role": "Builder", "until": NOON + timedelta(days=7)}]


def level(credit: str, title: str, used: int, limit: int | None) -> dict[str, Any]:
    percent = None if limit is None else 100 * used // limit
    facts = {"credit": credit, "title": title, "used": used, "limit": limit, "percent": percent}
    return facts | {"is_near": percent is not None and percent >= 80, "is_full": percent is not None and percent >= 100}


USES = [
    {
        "name": "Datenschutz Klinikum Süd-Ost",
        "url": "/agents/a",
        "words": 3_812_440,
        "queries": 412,
        "waiting": 0,
        "words_percent": 81,
        "queries_percent": 93,
    },
    {
        "name": "Hygiene- und Infektionsschutzhandbuch der Intensivstationen",
        "url": "/agents/b",
        "words": 912_007,
        "queries": 31,
        "waiting": 3,
        "words_percent": 19,
        "queries_percent": 7,
    },
    {
        "name": "Tarifverträge",
        "url": "/agents/d",
        "words": 0,
        "queries": 0,
        "waiting": 0,
        "words_percent": 0,
        "queries_percent": 0,
    },
]


def credits_page(words: tuple[int, int | None], queries: tuple[int, int | None], **more: Any) -> Any:
    meters = [level("words", "Words stored", *words), level("queries", "Answers this month", *queries)]
    context = {"meters": meters, "agents": USES, "others": None, "waiting": 0, "told": True, "sort": "", "every": 20}
    context |= {"most_words": 3_812_440, "most_queries": 412, "month": NOON.replace(day=1), "turns": NOON}
    rail = [one for one in meters if one["limit"] is not None]
    return page("credits", tab="Credits", rail_meters=rail, **(context | more))


STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "team/members": members(PEOPLE, invitations=INVITED),
    "team/members--none": members([], q="Zacharias", search="x"),
    "team/members--seen": members(PEOPLE[:2], may_invite=False),
    "team/member": one(1),
    "team/member--suspended": one(3),
    "team/member--higher": one(0, choices=[], may_suspend=False, may_remove=False, may_recover=False),
    "team/remove": remove(),
    "team/remove--nothing": remove(stakes={"agents": 0, "documents": 0, "words": 0, "conversations": 0, "keys": 0}),
    "team/remove--refused": remove(error="Choose what becomes of it, and somebody who may have agents."),
    "team/credits": credits_page((4_724_447, 60_000_000), (443, 1_000)),
    "team/credits--unlimited": credits_page((4_724_447, None), (443, None), others={"words": 12_400, "queries": 7}),
    "team/credits--near": credits_page((4_924_447, 6_000_000), (843, 1_000), sort="queries"),
    "team/credits--full": credits_page((6_000_000, 6_000_000), (1_000, 1_000), waiting=3),
    "team/credits--none": credits_page((0, 1_000), (0, 500), agents=[]),
    "team/invite": page("invite", form=InviteForm(roles=ROLES), link=None, email=""),
    "team/invite--refused": page("invite", form=InviteForm({"email": "x"}, roles=ROLES), link=None, email=""),
    "team/invite--link": page("invite", form=InviteForm(roles=ROLES), link=LINK, email=LONG),
    "team/sign_in": page("sign_in", "Sign-in", form=SignInPolicyForm(initial={"grace_days": 7}), may_change=True),
    "team/recovery_link": page("recovery_link", person="Bob", link=""),
    "team/recovery_link--shown": page(
        "recovery_link",
        person="Bob",
        link="https://muniment.klinikum-suedost.example/sign-in/new-password#" + "aB3-" * 11,
    ),
    "team/email_link": page("email_link", person="Bob", form=EmailLinkForm(), link=""),
    "team/email_link--refused": page("email_link", person="Bob", form=EmailLinkForm({"email": "x"}), link=""),
    "team/email_link--shown": page(
        "email_link",
        person="Bob",
        link="https://muniment.klinikum-suedost.example/profile/email/confirm#" + "aB3-" * 11,
    ),
    "team/roles": page(
        "roles",
        "Roles",
        roles=[
            {"name": name, "text": TEXTS.get(name, ""), "members": 3, "url": f"/roles/{key}", "is_own": len(key) == 26}
            for key, name in ROLES
        ],
        may_create=True,
    ),
    "team/keys": page("keys", "API keys", keys=SHOWN_KEYS, sees_all=True),
    "team/keys--none": page("keys", "API keys", keys=[], sees_all=False),
    "team/key_new": key_new(KeyForm(agents=[], may_serve=True)),
    "team/key_new--refused": key_new(KeyForm({}, agents=[], may_serve=False), sent=CHOSEN),
    "team/key_made": page("key_made", "API keys", key=SHOWN_KEYS[0], token=TOKEN),
    "api/reference": (
        "api/reference.html",
        frame("The API", parts=reference(), origin="https://muniment.klinikum-suedost.example"),
    ),
    "team/role": role(own=True),
    "team/role--new": role(own=True, role=None, may_delete=False, form=RoleForm()),
    "team/role--built-in": role(own=False),
    "team/role--in-use": role(own=True, delete_error="Somebody has this role. Choose another one for them."),
    "accounts/invitation": ("accounts/invitation.html", {"form": JoinForm(), "email": "", "csrf_token": "sample"}),
    "accounts/invitation--known": (
        "accounts/invitation.html",
        {"form": TokenForm({"token": ""}), "email": LONG, "csrf_token": "sample"},
    ),
    "agents/people": people(),
    "agents/people--first": people(grants=[], personal=True, may_publish=True, may_hide=False, more=0),
    "agents/people--refused": people(error="There is nobody with this address in your team. Invite them first."),
}

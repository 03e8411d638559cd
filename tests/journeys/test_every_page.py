"""Every page of the product, in light, dark and on a phone of 360 pixels: a picture is kept, axe finds nothing, nothing
is wider than the window, and no two pages have the same title. A page that is added must be added here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from lxml import etree
from playwright.sync_api import expect

from muniment.core.requests import API
from tests.journeys import steps
from tests.look.preview import LOOKS, findings
from tests.sso.provider import ENTITY_ID, Provider, key_pair

pytestmark = [pytest.mark.long, pytest.mark.browser]
Open = Callable[..., Any]
NO_PAGES = {
    "api:openapi", "api:healthz", "api:readyz", "api:metrics",
    "console:receipt_file", "chat:viewer_page", "ingest:upload",
    "ingest:delete", "ingest:retry", "agents:delete", "teams:switch", "accounts:sign_out", "accounts:end_others",
    "chat:ask_question", "chat:feedback", "chat:rename", "chat:delete", "chat:delete_all",
    "ingest:deletion", "ingest:erase_originals", "ingest:reading", "agents:revoke_grant", "agents:sharing",
    "teams:withdraw", "teams:change_role", "teams:suspend", "teams:resume", "teams:delete_role", "console:test_model",
    "console:test_mail", "console:test_provider", "console:delete_provider",
    "accounts:ask_verification", "accounts:sign_in_with_passkey", "accounts:passkey_options", "accounts:end_one",
    "accounts:revoke_browser", "accounts:rename_app", "accounts:recovery_codes", "accounts:rename_passkey",
    "accounts:remove_passkey", "teams:revoke_key",
    "scim:root", "scim:root_slash", "scim:scim", "scim:new_token", "scim:revoke_token", "scim:apply_rules",
    "sso:confirm", "sso:metadata", "sso:acs", "sso:arrive", "sso:logout", "sso:callback", "sso:signed_out",
    "sso:backchannel_logout", "sso:add_domain",
    "sso:check_domain", "sso:retry_domain", "sso:remove_domain", "sso:keep", "sso:read", "sso:try", "sso:trial",
    "sso:switch", "sso:delete", "sso:unlink", "sso:guide_picture",
    "agents:open_agent", "agents:change_opening", "agents:close_opening", "chat:outside_sign_in",
    "chat:outside_sign_out", "chat:outside_ask", "chat:outside_feedback", "chat:outside_rename", "chat:outside_delete",
}  # fmt: skip
OUTSIDE = {
    "chat:outside",
    "chat:outside_conversations",
    "chat:outside_conversation",
    "chat:outside_viewer",
}  # seen in test_chat_users: this server has no agent that is open to them
WITH_AN_APP = {"accounts:second_step", "accounts:disable_app"}  # seen in test_two_factor
BEFORE_SIGN_IN = {
    "accounts:sign_in": "/sign-in", "accounts:forgotten": "/sign-in/forgotten",
    "accounts:new_password": "/sign-in/new-password", "accounts:verify_email": "/sign-in/verify-email",
    "sso:sign_in": "/sign-in/organisation",
}  # fmt: skip
CLAIMING = {"teams:setup", "teams:recovery_kit", "teams:check_kit"}
NARROW = {"width": 360, "height": 780}


ALWAYS = {
    "404": "/nowhere",
    "accounts:confirm": "/confirm",
    "accounts:ask_email": "/profile/email",
    "accounts:take_email": "/profile/email/confirm",
    "accounts:enable_app": "/profile/two-factor/enable",
    "accounts:new_passkey": "/profile/passkeys/new",
    "accounts:profile": "/profile",
    "accounts:security": "/profile/security",
    "agents:new": "/agents/new",
    "api:developers": "/developers",
    "chat:conversations": "/conversations",
    "console:agents": "/agents",
    "console:credits": "/team/credits",
    "console:home": "/",
    "console:models": "/server/models",
    "console:new_provider": "/server/models/new",
    "console:server": "/server",
    "scim:home": "/profile/provisioning",
    "sso:home": "/profile/sso",
    "sso:new": "/profile/sso/new",
    "sso:only": "/profile/sso/only",
    "sso:people": "/profile/sso/people",
    "teams:invite": "/members/invite",
    "teams:join": "/invitation",
    "teams:keys": "/keys",
    "teams:members": "/members",
    "teams:new_key": "/keys/new",
    "teams:new_role": "/roles/new",
    "teams:role": "/roles/builder",
    "teams:roles": "/roles",
    "teams:sign_in_policy": "/team/sign-in",
}


@dataclass(frozen=True)
class House:
    """An installation in use: the state of its owner's browser, and the address of each page by its route."""

    state: Any
    pages: dict[str, str]


def look_at(page: Any, name: str) -> None:
    steps.keep(page, name)
    assert findings(page) == [], name
    assert steps.wide(page) <= 0, name


@pytest.fixture(scope="module")
def house(window: Open, server: Any, tmp_path_factory: pytest.TempPathFactory) -> House:
    expect.set_options(timeout=steps.WAIT)
    page = window()
    steps.claim(page, server.setup_link(), look_at)
    steps.new_agent(page, "Wards")
    agent = page.url.removesuffix("/knowledge").removeprefix(server.address)
    file = tmp_path_factory.mktemp("documents") / "wards.md"
    file.write_text("# Visiting\n\nVisitors are welcome on all wards from two in the afternoon.\n")
    gone = file.with_name("gone.txt")
    gone.write_text("This one will be deleted.")
    steps.upload(page, file, gone)
    for name in ("wards.md", "gone.txt"):
        expect(page.get_by_role("row", name=name)).to_contain_text("Live")
    page.get_by_label("Choose gone.txt").check()
    page.get_by_role("button", name="Delete", exact=True).first.click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    receipt = page.get_by_role("link", name="Receipt").get_attribute("href")
    document = page.get_by_role("link", name="wards.md", exact=True).get_attribute("href")
    page.goto(agent)
    page.get_by_label("Your question").fill("When are visitors welcome on the wards?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.locator("[data-turn] [data-acts]")).to_be_visible()
    conversation = page.url
    page.goto("/server/models/new")
    steps.add_provider(page, "Elsewhere", "https://models.example.org/v1")
    provider = page.get_by_role("link", name="Elsewhere").get_attribute("href")
    eve = a_member(server, file.with_name("password"))
    page.goto(f"/members/{eve['id']}")
    link = page.get_by_role("link", name="Recovery link").get_attribute("href")
    page.goto("/confirm")
    page.get_by_label("Password").fill(steps.PASSWORD)
    page.get_by_role("main").get_by_role("button").first.click()
    expect(page).not_to_have_url(re.compile("/confirm"))
    connection = connected(server, file.with_name("idp.xml"))
    pages = ALWAYS | BEFORE_SIGN_IN | {"teams:recovery_link": str(link), "console:provider": str(provider)}
    pages |= {f"agents:{tab}": f"{agent}/{tab}" for tab in ("character", "safety", "people", "settings")}
    pages |= {"teams:email_link": str(link).replace("recovery", "email")}
    pages |= {"teams:member": f"/members/{eve['id']}", "teams:remove": f"/members/{eve['id']}/remove"}
    pages |= {"sso:connection": connection, "sso:provider": f"{connection}/provider"}
    pages |= {"sso:guide": f"{connection}/guides/okta"}
    pages |= {"ingest:masking": f"{agent}/safety/masking", "ingest:masking_try": f"{agent}/safety/masking/try"}
    pages |= {
        "console:receipt": receipt,
        "chat:ask": agent,
        "chat:viewer": document,
        "ingest:about": f"{document}/about",
    }
    pages |= {"chat:ask_conversation": conversation, "ingest:knowledge": f"{agent}/knowledge"}
    return House(page.context.storage_state(), pages)


def a_member(server: Any, password: Path) -> Any:
    password.write_text(steps.PASSWORD)
    given = ("--role", "member", "--password-file", str(password), "--json")
    return server.run("user", "create", "eve@example.org", *given)


def connected(server: Any, file: Path) -> str:
    """The page of a connection to somebody's provider."""
    said = {"certificates": [key_pair("provider").certificate], "redirect": "https://idp.acme.example/sso"}
    file.write_bytes(etree.tostring(Provider().metadata_element(ENTITY_ID, **said)))
    made: Any = server.run("sso", "import-metadata", str(file), "--name", "Acme", "--json")
    return f"/profile/sso/connections/{made['id']}"


def routes(resolver: URLResolver, space: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}"
        elif not f"/{pattern.pattern}".startswith(API):
            yield from routes(pattern, f"{pattern.namespace}:" if pattern.namespace else space)


def test_no_page_is_left_out(house: House) -> None:
    assert set(routes(get_resolver())) - NO_PAGES - CLAIMING - WITH_AN_APP - OUTSIDE == set(house.pages) - {"404"}


@pytest.mark.parametrize("look", LOOKS)
def test_a_picture_is_kept_and_axe_finds_nothing(house: House, chromium: Any, server: Any, look: str) -> None:
    titles = {}
    inside, outside = (opened(chromium, server, look, state) for state in (house.state, None))
    for route, address in house.pages.items():
        page = outside if route in BEFORE_SIGN_IN else inside
        page.goto(address)
        expect(page.locator("h1").first).to_be_visible()
        look_at(page, f"{route.replace(':', '-')}-{look}")
        titles[route] = page.title()
    for page in (inside, outside):
        page.context.close()
    assert len(set(titles.values())) == len(titles), titles


def opened(chromium: Any, server: Any, look: str, state: Any) -> Any:
    screen = LOOKS[look] | {"base_url": server.address, "reduced_motion": "reduce"}
    if look == "phone":
        screen |= {"viewport": NARROW}
    context = chromium.new_context(**screen, storage_state=state)
    context.set_default_timeout(steps.WAIT)
    return context.new_page()

"""The elements of a page: `{% load elements %}`. A page composes these and writes no CSS of its own.

Each tag renders one small template of `templates/elements/`. Every one works under a Content-Security-Policy without
inline styles and scripts, and every state is told by an icon and a word, never by colour alone (docs/rooms/look.md).
"""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.paginator import Page
from django.forms import BoundField, CheckboxInput, Select
from django.forms.utils import flatatt
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from muniment.core.charts import bars, line

register = template.Library()

SPRITE = "vendor/tabler-icons/sprite.svg"

# state -> (icon, tone of muniment.css). The word comes from the page, so that it can be translated in its context.
STATES: dict[str, tuple[str, str]] = {
    "ok": ("circle-check", "green"),
    "busy": ("loader-2", "blue"),
    "wait": ("clock", "plain"),
    "info": ("info-circle", "blue"),
    "warn": ("alert-triangle", "amber"),
    "error": ("alert-circle", "red"),
    "off": ("circle-dashed", "plain"),
}
AVATAR_TONES = 6


def attributes(named: Mapping[str, Any]) -> SafeString:
    """Keyword arguments as HTML attributes: `data_copy="#kit"` becomes `data-copy`; None and False are left out."""
    return flatatt({key.rstrip("_").replace("_", "-"): value for key, value in named.items() if value is not None})


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration, and hidden from screen readers."""
    if label:
        named = '<svg class="icon {}" role="img" aria-label="{}"><use href="{}"></use></svg>'
        return format_html(named, css, label, f"{static(SPRITE)}#{name}")
    return _decoration(name, css)


@lru_cache(maxsize=512)
def _decoration(name: str, css: str) -> SafeString:
    """Written once: a page has dozens."""
    address = f"{static(SPRITE)}#{name}"
    return format_html('<svg class="icon {}" aria-hidden="true"><use href="{}"></use></svg>', css, address)


@register.inclusion_tag("elements/button.html")
def button(text: str, *, kind: str = "", icon: str = "", url: str = "", only_icon: bool = False, **named: Any) -> Any:
    """A button, or a link that looks like one when `url` is given.

    `kind` is primary, danger, ghost or empty; `size="sm"` or `"lg"`; `dialog="id"` opens that dialog and `closes="id"`
    closes it; `submits=False` makes a button that only a script listens to; other names become attributes.
    """
    size, dialog, closes = named.pop("size", ""), named.pop("dialog", ""), named.pop("closes", "")
    submits = named.pop("submits", True) and not dialog and not closes
    classes = ["btn", f"btn-{kind}" if kind else "", f"btn-{size}" if size else "", "btn-icon" if only_icon else ""]
    if dialog:
        named |= {"popovertarget": dialog, "data_opens": dialog}
    if closes:
        named |= {"popovertarget": closes, "popovertargetaction": "hide", "data_closes": closes}
    if not url:
        named["type"] = "submit" if submits else "button"
    if only_icon:
        named |= {"aria_label": text, "title": text}
    classes.append(named.pop("css", ""))
    named["class_"] = " ".join(filter(None, classes))
    return {"text": text, "icon": icon, "url": url, "only_icon": only_icon, "attributes": attributes(named)}


@register.inclusion_tag("elements/button.html")
def copy_button(text: str, source: str, **named: Any) -> Any:
    """Copies the text of what the selector `source` finds, or says that the browser does not let it (as without TLS).

    `source="turn"` is the answer of the turn it stands in.
    """
    named |= {"data_copy": source, "data_copied": _("Copied.")}
    named["data_not_copied"] = _("The browser does not allow copying. Mark the text instead.")
    return button(text, icon="copy", submits=False, css="js-only", **named)


@register.simple_block_tag
def card(content: str, title: str = "", subtitle: str = "", *, flush: bool = False, css: str = "") -> SafeString:
    """A surface with a heading of level 2; `flush` lets a table or list reach its edges."""
    facts = {"content": content, "title": title, "subtitle": subtitle, "flush": flush, "css": css}
    return render_to_string("elements/card.html", facts)


@register.simple_block_tag
def table(content: str, caption: str, *, css: str = "") -> SafeString:
    """A table that scrolls by itself on a narrow page; the caption is read, not seen."""
    return render_to_string("elements/table.html", {"content": content, "caption": caption, "css": css})


@register.inclusion_tag("elements/empty.html")
def empty(
    title: str, text: str = "", *, icon: str = "files", url: str = "", label: str = "", next_icon: str = "plus"
) -> Any:
    """What a list shows when it is empty: what it is for, and one next step."""
    return {"title": title, "text": text, "icon": icon, "url": url, "label": label, "next_icon": next_icon}


@register.inclusion_tag("elements/field.html")
def field(bound: BoundField, *, icon: str = "", **named: Any) -> Any:
    """A form field with label, help and errors, tied together for screen readers; other names become attributes."""
    widget = bound.field.widget
    check = isinstance(widget, CheckboxInput)
    base = "form-check-input" if check else "form-select" if isinstance(widget, Select) else "form-control"
    given = {key.rstrip("_").replace("_", "-"): value for key, value in named.items()}
    given["class"] = f"{base} is-invalid" if bound.errors else base
    return {"field": bound, "widget": bound.as_widget(attrs=given), "check": check, "icon": icon}


@register.inclusion_tag("elements/status.html")
def status(state: str, word: str, *, plain: bool = False) -> Any:
    """A state as icon and word: ok, busy, wait, info, warn, error, off. `plain` leaves the coloured ground out."""
    symbol, tone = STATES[state]
    return {"symbol": symbol, "tone": tone, "word": word, "plain": plain, "busy": state == "busy"}


@register.inclusion_tag("elements/notice.html")
def notice(state: str, title: str, text: str = "", *, url: str = "", label: str = "") -> Any:
    """A lasting remark inside a page: what happened, what was kept, what to do, and perhaps where."""
    symbol, tone = STATES[state]
    link = {"url": url, "label": label}
    return {"symbol": symbol, "tone": tone, "title": title, "text": text, "urgent": state == "error"} | link


@register.inclusion_tag("elements/toast.html")
def toast(state: str, text: str) -> Any:
    """A passing remark in the corner; in the page itself where there is no JavaScript."""
    symbol, tone = STATES[state]
    return {"symbol": symbol, "tone": tone, "text": text, "urgent": state == "error"}


@register.filter
def message_state(level_tag: str) -> str:
    """The state of a message of django.contrib.messages."""
    return {"success": "ok", "warning": "warn", "error": "error"}.get(level_tag, "info")


@register.inclusion_tag("elements/meter.html")
def meter(label: str, value: float, maximum: float, text: str = "") -> Any:
    """How much of a whole is used: a measure that stands still."""
    return {"label": label, "value": value, "maximum": maximum, "text": text}


@register.inclusion_tag("elements/progress.html")
def progress(label: str, value: float | None = None, maximum: float = 100, text: str = "") -> Any:
    """How far some work is; without a value: under way, extent unknown."""
    return {"label": label, "value": value, "maximum": maximum, "text": text}


@register.simple_block_tag
def dialog(content: str, id: str, title: str, *, css: str = "") -> SafeString:  # noqa: A002 - the attribute's name
    """A dialog opened by `{% button … dialog=id %}`: a popover without JavaScript, modal with it (dialogs.js)."""
    return render_to_string("elements/dialog.html", {"content": content, "id": id, "title": title, "css": css})


@register.inclusion_tag("elements/tabs.html")
def tabs(entries: Sequence[Mapping[str, Any]], label: str) -> Any:
    """Pages that belong together: entries of label, url, current, and perhaps count (and count_id, to renew it)."""
    return {"entries": entries, "label": label}


@register.inclusion_tag("elements/breadcrumb.html")
def breadcrumb(entries: Sequence[Mapping[str, Any]]) -> Any:
    """Where this page stands: entries of label and url, the last one being the page itself."""
    return {"entries": entries}


@register.inclusion_tag("elements/pages.html")
def pages(page: Page[Any], **kept: str) -> Any:
    """Previous and next of a paginated list; the other names are the filters that stay in the address."""
    filters = {key: value for key, value in kept.items() if value}
    previous = urlencode(filters | {"page": page.number - 1}) if page.has_previous() else ""
    following = urlencode(filters | {"page": page.number + 1}) if page.has_next() else ""
    return {"page": page, "previous_query": previous, "next_query": following}


@register.inclusion_tag("elements/chart.html")
def chart(title: str, rows: Sequence[tuple[str, float]], *, unit: str, kind: str = "bar") -> Any:
    """A quiet chart with the table behind it. The title says the finding; rows are (label, value >= 0) in `unit`."""
    drawing = line(rows) if kind == "line" else bars(rows)
    return {"title": title, "rows": rows, "unit": unit, "kind": kind, "drawing": drawing}


@register.inclusion_tag("elements/avatar.html")
def avatar(name: str, *, size: str = "") -> Any:
    """The first letters of up to two words, on a tone that stays the same for the same name."""
    words = [word for word in name.split() if word[0].isalnum()] or ["?"]
    letters = words[0][0] + (words[-1][0] if len(words) > 1 else "")
    tone = hashlib.sha256(name.encode()).digest()[0] % AVATAR_TONES
    return {"letters": letters.upper(), "tone": tone, "size": size}


@register.inclusion_tag("elements/dropzone.html", takes_context=True)
def dropzone(
    context: template.Context, address: str, *, accept: str = "", limit: str = "", delete: bool = False
) -> Any:
    """Where files and whole folders are dropped; a plain file input without JavaScript (static/upload.js).

    `accept` lists extensions for the file chooser, `limit` is the greatest file in words, for example "100 MB".
    `delete` offers to have the files deleted after reading.
    """
    offered = {"address": address, "accept": accept, "limit": limit, "delete": delete}
    return offered | {"csrf_token": context.get("csrf_token")}

"""`{% load masking %}`: classes and ways of masking in words, and how long something takes, about."""

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from muniment.agents.types import MaskingMode
from muniment.ingest.masking_words import LABELS, MODES
from muniment.pii.types import PiiClass

register = template.Library()
_FEW_SECONDS, _FEW_MINUTES = 45, 90


@register.filter
def class_label(kind: PiiClass) -> str:
    return str(LABELS[kind][0])


@register.filter
def class_example(kind: PiiClass) -> str:
    return str(LABELS[kind][1])


@register.filter
def mode_label(mode: MaskingMode) -> str:
    return str(MODES[mode][0])


@register.filter
def mode_sentence(mode: MaskingMode) -> str:
    return str(MODES[mode][1])


@register.filter
def about(seconds: float) -> str:
    """No more exact than it is known."""
    if seconds < _FEW_SECONDS:
        return _("less than a minute")
    minutes = max(round(seconds / 60), 1)
    if minutes < _FEW_MINUTES:
        return ngettext("about %(count)s minute", "about %(count)s minutes", minutes) % {"count": minutes}
    hours = round(minutes / 60)
    return ngettext("about %(count)s hour", "about %(count)s hours", hours) % {"count": hours}

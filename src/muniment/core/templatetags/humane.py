"""Numbers and times as people read them: `{% load humane %}`."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.formats import date_format, number_format
from django.utils.timesince import timesince
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import npgettext_lazy

from muniment.core.clock import now

register = template.Library()

# Django's words for a span stand alone ("3 Tage"); after "vor" German bends them ("vor 3 Tagen").
_SPANS: dict[str, Any] = {
    "year": npgettext_lazy("ago", "%(num)d year", "%(num)d years", "num"),
    "month": npgettext_lazy("ago", "%(num)d month", "%(num)d months", "num"),
    "week": npgettext_lazy("ago", "%(num)d week", "%(num)d weeks", "num"),
    "day": npgettext_lazy("ago", "%(num)d day", "%(num)d days", "num"),
    "hour": npgettext_lazy("ago", "%(num)d hour", "%(num)d hours", "num"),
    "minute": npgettext_lazy("ago", "%(num)d minute", "%(num)d minutes", "num"),
}


@register.filter
def grouped(number: float | None) -> str:
    """A number with the separators of the language: 1,204. Nothing for None."""
    return "" if number is None else number_format(number, force_grouping=True)


@register.filter
def age(moment: datetime) -> str:
    """How long ago, however long that is; never "0 minutes ago"."""
    if now() - moment < timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(moment, now(), time_strings=_SPANS)}


@register.filter
def ago(moment: datetime) -> str:
    """How long ago in one unit ("4 minutes ago"); the date when it is more than a week."""
    passed = now() - moment
    if passed < timedelta(minutes=1):
        return _("just now")
    if passed > timedelta(days=7):
        return date_format(localtime(moment), "DATE_FORMAT")
    return _("%(time)s ago") % {"time": timesince(moment, now(), time_strings=_SPANS, depth=1)}

"""What people type about their accounts. Checks the shape alone; the services decide."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from muniment.accounts.types import LONGEST_NAME

_CONTINENTS = frozenset(
    {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)
LONGEST_PASSWORD = 1000  # characters: room for any sentence; hashing more is work for nothing


def password_field(label: Any, *, autocomplete: str, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=LONGEST_PASSWORD,
        strip=False,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def languages() -> list[tuple[str, Any]]:
    return [("", _("As the browser asks")), *settings.LANGUAGES]


def time_zones() -> list[tuple[str, str]]:
    """The places of the IANA database, without its old names."""
    places = sorted(name for name in available_timezones() if name.split("/")[0] in _CONTINENTS)
    return [("", "UTC"), *((name, name.replace("_", " ")) for name in places)]


class SignInForm(forms.Form):
    email = forms.EmailField(
        label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True})
    )
    password = password_field(_("Password"), autocomplete="current-password")


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=languages)
    time_zone = forms.ChoiceField(label=_("Time zone"), required=False, choices=time_zones)


class PasswordForm(forms.Form):
    current = password_field(_("Current password"), autocomplete="current-password")
    new = password_field(
        _("New password"),
        autocomplete="new-password",
        help_text=_("At least 12 characters. A short sentence works well."),
    )
    again = password_field(_("New password, again"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ. Type the same one twice."))
        return cleaned


def code_field(label: Any, *, help_text: Any = "", longest: int = 6) -> forms.CharField:
    """A code as an app shows it, with or without the space in the middle; `longest` makes room for a recovery code."""
    attributes = {"autocomplete": "one-time-code", "autocapitalize": "off", "spellcheck": "false"}
    numeric = {"inputmode": "numeric"} if longest <= 6 else {}
    return forms.CharField(
        label=label, max_length=longest + 4, help_text=help_text, widget=forms.TextInput(attrs=attributes | numeric)
    )


def name_field(help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=help_text,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ConfirmForm(forms.Form):
    password = password_field(_("Password"), autocomplete="current-password")


class EnrolmentForm(forms.Form):
    name = name_field(_("So that you know later which phone it is."))
    code = code_field(_("Code"), help_text=_("The six digits that the app shows now."))


class PasskeyForm(forms.Form):
    name = name_field(_("So that you know later which device or key it is."))
    answer = forms.CharField(max_length=100_000, widget=forms.HiddenInput, required=False)


class NameForm(forms.Form):
    name = name_field()


class SecondStepForm(forms.Form):
    code = code_field(_("Code"), help_text=_("Six digits from your app, or a recovery code."), longest=20)
    trust = forms.BooleanField(label=_("Do not ask in this browser for 30 days"), required=False)


class ForgottenForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class ChangeEmailForm(forms.Form):
    email = forms.EmailField(
        label=_("New e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )


class LinkForm(forms.Form):
    token = forms.CharField(
        label=_("Code of the link"),
        max_length=500,
        help_text=_("What stands behind the # of the link. The whole link will do."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_token(self) -> str:
        """The code, also from a whole pasted link."""
        return str(self.cleaned_data["token"]).rpartition("#")[2].strip()


class NewPasswordForm(LinkForm):
    new = password_field(
        _("New password"),
        autocomplete="new-password",
        help_text=_("At least 12 characters. A short sentence works well."),
    )
    again = password_field(_("New password, again"), autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("new") and cleaned.get("again") and cleaned["new"] != cleaned["again"]:
            self.add_error("again", _("The two new passwords differ. Type the same one twice."))
        return cleaned

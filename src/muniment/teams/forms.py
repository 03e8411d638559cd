"""What people type about teams: claiming an installation, joining, inviting, roles. Checks the shape alone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muniment.core.permissions import Permission
from muniment.teams.founding import LONGEST_NAME
from muniment.teams.types import KEY_PRESETS, ConsentBy, KeyDraft, KeyPreset

LONGEST_PASSWORD = 1000


class TokenForm(forms.Form):
    """The code of a link; alone for somebody who is signed in already and was invited."""

    token = forms.CharField(
        label=_("Code of the invitation"),
        max_length=500,
        help_text=_("What stands behind the # of the link. The whole link will do."),
    )

    def clean_token(self) -> str:
        """The code, also from a whole pasted link."""
        return str(self.cleaned_data["token"]).rpartition("#")[2].strip()


class NewAccountForm(TokenForm):
    password = forms.CharField(
        label=_("Password"), max_length=LONGEST_PASSWORD, strip=False, widget=forms.PasswordInput()
    )
    password_again = forms.CharField(
        label=_("Password, again"), max_length=LONGEST_PASSWORD, strip=False, widget=forms.PasswordInput()
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password"), cleaned.get("password_again")
        if first and second and first != second:
            self.add_error("password_again", _("The two passwords differ. Type the same one twice."))
        return cleaned


class ClaimForm(NewAccountForm):
    field_order = ("token", "team", "email")
    token = forms.CharField(
        label=_("Code of the setup link"),
        max_length=500,
        help_text=_("What stands behind the # of the link in your terminal. The whole link will do."),
    )
    team = forms.CharField(label=_("Team"), max_length=LONGEST_NAME, help_text=_("Your organisation or group."))
    email = forms.EmailField(label=_("E-mail"))


class JoinForm(NewAccountForm):
    field_order = ("token", "name")
    name = forms.CharField(label=_("Your name"), max_length=LONGEST_NAME, required=False)


class KitForm(forms.Form):
    """Two groups of the recovery kit, the fields named by their numbers."""

    def __init__(self, numbers: list[int], data: Any = None) -> None:
        super().__init__(data)
        for number in numbers:
            label = _("Group %(number)s") % {"number": number}
            self.fields[f"group_{number}"] = forms.CharField(label=label, max_length=20)

    def typed(self) -> dict[int, str]:
        return {int(name.removeprefix("group_")): text for name, text in self.cleaned_data.items()}


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(label=_("Role"))
    days = forms.TypedChoiceField(
        label=_("The link works for"),
        coerce=int,
        initial=7,
        choices=[(1, _("1 day")), (7, _("7 days")), (14, _("14 days")), (30, _("30 days"))],
    )

    def __init__(self, data: Any = None, *, roles: list[tuple[str, str]], **named: Any) -> None:
        """`roles`: key and name of each the inviter may give."""
        super().__init__(data, **named)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """The name; the permissions are a field each in the page's own table, read by `chosen`."""

    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    description = forms.CharField(label=_("What it is for"), max_length=300, required=False)

    def chosen(self, where: str) -> frozenset[Permission]:
        """The permissions for which `where` was sent: all, or granted. Anything else is nothing."""
        return frozenset(one for one in Permission if self.data.get(one.value) == where)


class SignInPolicyForm(forms.Form):
    second_factor = forms.BooleanField(
        label=_("Everybody needs a second factor"),
        required=False,
        help_text=_("An authenticator app, a passkey or a security key."),
    )
    passkey = forms.BooleanField(
        label=_("Who may add members signs in with a passkey"),
        required=False,
        help_text=_("A code of an app can be asked for by a forged page; a passkey cannot."),
    )
    grace_days = forms.IntegerField(
        label=_("Days of grace"),
        min_value=0,
        max_value=90,
        help_text=_("Counted from today, and for new members from the day they join."),
    )


class EmailLinkForm(forms.Form):
    email = forms.EmailField(
        label=_("New e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )


class KeyForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    days = forms.TypedChoiceField(
        label=_("Expires in"),
        coerce=int,
        initial=90,
        choices=[(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("1 year"))],
    )
    whose = forms.ChoiceField(
        label=_("Whose it is"),
        choices=[
            ("own", _("Mine: it ends with my membership")),
            ("team", _("The team's: it outlives whoever made it")),
        ],
    )
    preset = forms.ChoiceField(choices=[(one.value, one.value) for one in KeyPreset])
    reach = forms.ChoiceField(choices=[("all", "all"), ("chosen", "chosen")])
    agents = forms.MultipleChoiceField(required=False)
    permissions = forms.MultipleChoiceField(required=False, choices=[(one.value, one.value) for one in Permission])
    consent = forms.ChoiceField(choices=[(one.value, one.value) for one in ConsentBy])

    def __init__(self, data: Any = None, *, agents: list[str], may_serve: bool) -> None:
        """`agents`: ids of those the maker sees; `may_serve`: whether keys of the team's may be made."""
        super().__init__(data)
        self.fields["agents"].choices = [(one, one) for one in agents]  # type: ignore[attr-defined]
        if not may_serve:
            del self.fields["whose"]

    def draft(self, offered: frozenset[Permission]) -> KeyDraft:
        """`offered`: what the maker may do; "all" is that. Only of a valid form."""
        given = self.cleaned_data
        preset, is_service = KeyPreset(given["preset"]), given.get("whose") == "team"
        chosen = frozenset(map(Permission, given["permissions"])) if preset is KeyPreset.CHOSEN else KEY_PRESETS[preset]
        grows = preset is KeyPreset.ALL and not is_service  # with its person's role
        return KeyDraft(
            name=given["name"],
            permissions=chosen if grows else chosen & offered,
            agents=frozenset(given["agents"]) if given["reach"] == "chosen" else None,
            days=given["days"],
            consent=ConsentBy(given["consent"]),
            is_service=is_service,
        )

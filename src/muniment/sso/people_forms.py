"""What owners decide about people who come by the provider. Checks the shape alone."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muniment.teams.selectors import role_by_key

if TYPE_CHECKING:
    from muniment.core.actors import Actor
    from muniment.teams.models import CustomRole
    from muniment.teams.types import Role

_MOST_RULES = 200


class PeopleForm(forms.Form):
    joins_on_sign_in = forms.BooleanField(
        label=_("Make an account for who signs in for the first time"),
        required=False,
        help_text=_("Otherwise only people come in who were invited, or whom your directory has sent."),
    )
    role = forms.ChoiceField(label=_("Role of new people"), help_text=_("Where no group below gives another."))
    scim = forms.BooleanField(
        label=_("Your directory sends people and groups (SCIM)"),
        required=False,
        help_text=_("It then says who is a member. Its token is made under Provisioning."),
    )
    departure = forms.ChoiceField(
        label=_("When your directory deletes somebody"),
        choices=[
            ("delete", _("What is theirs is deleted with them")),
            ("transfer", _("What is theirs goes to somebody else")),
        ],
    )
    heir = forms.ChoiceField(label=_("Who gets it"), required=False)

    def __init__(self, *given: Any, roles: list[tuple[str, str]], heirs: list[tuple[str, str]], **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        self.fields["heir"].choices = [("", _("Nobody")), *heirs]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("departure") == "transfer" and not cleaned.get("heir"):
            self.add_error("heir", _("Choose who gets what was theirs."))
        return cleaned

    def given(self, actor: "Actor") -> dict[str, Any]:
        found = self.cleaned_data
        return {
            "role": role_by_key(actor, found["role"]),
            "joins_on_sign_in": found["joins_on_sign_in"],
            "scim": found["scim"],
            "heir": found["heir"] if found["departure"] == "transfer" else None,
        }


class RulesForm:
    """Rows of a group and a role, in their order; an empty group is no row."""

    def __init__(self, data: Any, *, roles: list[tuple[str, str]]) -> None:
        groups, keys = data.getlist("group")[: _MOST_RULES + 1], data.getlist("group_role")
        self._rows = [(group.strip(), key) for group, key in zip(groups, keys, strict=False) if group.strip()]
        self._known = {key for key, _name in roles}
        self.errors: dict[str, str] = {}

    def is_valid(self) -> bool:
        if any(key not in self._known for _group, key in self._rows):
            self.errors["rules"] = str(_("Choose a role for each group."))
        return not self.errors

    def rows(self) -> list[dict[str, str]]:
        return [{"group": group, "role": key} for group, key in self._rows]

    def given(self, actor: "Actor") -> list[tuple[str, "Role | CustomRole"]]:
        return [(group, role_by_key(actor, key)) for group, key in self._rows]

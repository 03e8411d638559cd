"""What people type about an agent. Checks the shape alone; the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from muniment.agents.types import AnswerLength


def _instructions(rows: int) -> forms.CharField:
    return forms.CharField(
        label=_("Instructions"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=_("Optional: how it should speak, and for whom. Models read this; quoted answers stay as they are."),
    )


class NameForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))


class AgentForm(NameForm):
    instructions = _instructions(4)


class CharacterForm(forms.Form):
    instructions = _instructions(6)
    no_answer = forms.CharField(
        label=_("When the documents do not hold the answer"),
        required=False,
        max_length=500,
        help_text=_("Leave empty for the usual sentence."),
    )
    length = forms.ChoiceField(
        label=_("Length of answers"),
        choices=[
            (AnswerLength.SHORT, _("Short")),
            (AnswerLength.MEDIUM, _("Medium")),
            (AnswerLength.LONG, _("Thorough")),
        ],
    )


class RetentionForm(forms.Form):
    retention_days = forms.IntegerField(
        label=_("Days after which a conversation is deleted"),
        required=False,
        min_value=1,
        max_value=36_500,
        help_text=_("Leave empty to keep them until you delete them."),
    )

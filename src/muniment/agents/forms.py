"""What people type about an agent. Checks the shape alone; the services decide."""

from collections.abc import Iterable
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from muniment.agents.types import AnswerLength, AtOnce, MaskingMode, ReadAlong


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


class DeletionForm(forms.Form):
    """What is deleted at once; each choice is one sentence."""

    originals = forms.BooleanField(
        label=_("Delete each file right after reading it"),
        required=False,
        help_text=_("Only its text stays, and a receipt; a file that cannot be read is deleted too."),
    )
    conversations = forms.BooleanField(
        label=_("Keep no conversations"),
        required=False,
        help_text=_("Nothing of a question or of its answer outlives the page it stands on."),
    )

    @property
    def chosen(self) -> AtOnce:
        return AtOnce(originals=self.cleaned_data["originals"], conversations=self.cleaned_data["conversations"])


class ReadingForm(forms.Form):
    """What beside the text of a file is read with it: a field for each `ReadAlong`."""

    note = forms.BooleanField(label=_("Speaker notes"), required=False)
    comment = forms.BooleanField(label=_("Comments"), required=False)
    change = forms.BooleanField(label=_("Words that tracked changes deleted"), required=False)
    description = forms.BooleanField(label=_("Descriptions of pictures"), required=False)
    property = forms.BooleanField(label=_("Properties, such as author and keywords"), required=False)
    hidden = forms.BooleanField(
        label=_("Hidden rows, columns, sheets and slides"),
        required=False,
        help_text=_("Words made invisible, such as white on white, are listed and never answered from."),
    )

    @classmethod
    def of(cls, along: Iterable[ReadAlong]) -> Self:
        return cls(initial=dict.fromkeys(along, True))


class AgentForm(DeletionForm, NameForm):
    field_order = ("name", "personal", "instructions", "masking")
    personal = forms.BooleanField(
        label=_("For myself"),
        required=False,
        help_text=_("You, administrators and those you choose see it. Otherwise it is the team's."),
    )
    instructions = _instructions(4)
    masking = forms.ChoiceField(
        label=_("Personal data"),
        required=False,
        initial=MaskingMode.STAND_INS,
        choices=[
            (MaskingMode.STAND_INS, _("Stand-ins")),
            (MaskingMode.MASK, _("Mask for good")),
            (MaskingMode.OFF, _("Off")),
        ],
        help_text=_(
            "Before anything is indexed, names and numbers become stand-ins that whoever may read the documents sees "
            "through, or are masked for good, or stay as they are."
        ),
    )

    def clean_masking(self) -> MaskingMode:
        return MaskingMode(self.cleaned_data["masking"] or MaskingMode.STAND_INS)


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
    provider = forms.ChoiceField(
        label=_("Who writes the answer"),
        required=False,
        help_text=_("A model writes from the passages that are found, and each of its sentences must stand in them."),
    )

    def __init__(self, *given: Any, providers: Iterable[tuple[str, str]] = (), **named: Any) -> None:
        """`providers`: id and name of each model that may be chosen."""
        super().__init__(*given, **named)
        self.fields["provider"].choices = [("", _("Quotes from the documents, no model")), *providers]  # type: ignore[attr-defined]


class RetentionForm(forms.Form):
    retention_days = forms.IntegerField(
        label=_("Days after which a conversation is deleted"),
        required=False,
        min_value=1,
        max_value=36_500,
        help_text=_("Leave empty to keep them until you delete them."),
    )

"""What an owner types about masking. Words and patterns stand one on a line."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from muniment.agents.types import MaskingMode, MaskingRules
from muniment.core.cleaning import one_line
from muniment.core.wording import in_words
from muniment.ingest.masking_words import LABELS, MODES
from muniment.pii.errors import PatternError
from muniment.pii.services import checked_pattern
from muniment.pii.types import PiiClass, Selection

_LONGEST = 100_000


class Lines(forms.CharField):
    """A text area whose lines are values; what is wrong with one is said with its number."""

    widget = forms.Textarea

    def __init__(self, *, check: Callable[[str], str] = one_line, **named: Any) -> None:
        super().__init__(required=False, max_length=_LONGEST, **named)
        self._check = check

    def clean(self, value: Any) -> Any:
        lines, errors = [], []
        for number, line in enumerate(str(super().clean(value)).splitlines(), 1):
            try:
                lines += [self._check(line)] if line.strip() else []
            except PatternError as error:
                errors.append(_("Line %(number)s: %(reason)s") % {"number": number, "reason": in_words(error)})
        if errors:
            raise forms.ValidationError(errors)
        return tuple(dict.fromkeys(lines))

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, tuple) else value


class MaskingForm(forms.Form):
    mode = forms.ChoiceField(
        label=gettext_lazy("What stands instead"),
        widget=forms.RadioSelect,
        choices=[(mode.value, words[0]) for mode, words in MODES.items()],
    )
    classes = forms.MultipleChoiceField(
        label=gettext_lazy("What is looked for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(kind.value, words[0]) for kind, words in LABELS.items()],
    )
    contacts = Lines(
        label=gettext_lazy("Contacts of your own organisation"),
        help_text=gettext_lazy(
            "Names, addresses, phone numbers that everybody may read, one on a line, each form in which it is written. "
            "They are never masked."
        ),
    )
    terms = Lines(
        label=gettext_lazy("Words of your own"),
        help_text=gettext_lazy("For example project names, one on a line. Capitals make no difference."),
    )
    patterns = Lines(
        label=gettext_lazy("Patterns of your own"),
        check=lambda line: checked_pattern(line.strip()),
        help_text=gettext_lazy(r"Regular expressions in RE2 syntax, one on a line, for example KD-\d{6}."),
    )

    @classmethod
    def of(cls, rules: MaskingRules, data: Any = None) -> "MaskingForm":
        chosen = rules.selection
        initial = {
            "mode": rules.mode.value,
            "classes": [kind.value for kind in chosen.classes],
            "contacts": chosen.contacts,
            "terms": chosen.terms,
            "patterns": chosen.patterns,
        }
        return cls(data, initial=initial)

    def rules(self, before: MaskingRules) -> MaskingRules:
        """What was typed, with the corrections of `before`."""
        typed = self.cleaned_data
        selection = Selection(
            classes=frozenset(map(PiiClass, typed["classes"])),
            terms=typed["terms"],
            patterns=typed["patterns"],
            contacts=typed["contacts"],
            listed=before.selection.listed,
            never=before.selection.never,
        )
        return MaskingRules(MaskingMode(typed["mode"]), selection)

"""Sign-in, setup, the recovery kit, a person's own pages."""

from datetime import UTC, datetime
from typing import Any

from django import forms

from tests.look.samples_frame import frame


class SignInForm(forms.Form):
    login = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))
    remember = forms.BooleanField(label="Stay signed in on this device", required=False)


class RefusedForm(SignInForm):
    def clean(self) -> None:
        raise forms.ValidationError("The e-mail address or the password is wrong. Check both and try again.")


class SetupForm(forms.Form):
    token = forms.CharField(label="Setup code", help_text="The part of the link after #.")
    email = forms.EmailField(label="E-mail")
    password = forms.CharField(widget=forms.PasswordInput)
    password_again = forms.CharField(label="Password again", widget=forms.PasswordInput)


class KitForm(forms.Form):
    first = forms.CharField(label="Group 3")
    second = forms.CharField(label="Group 11")


class NameForm(forms.Form):
    name = forms.CharField(required=False, help_text="Members of your team see this name.")


class PasswordForm(forms.Form):
    oldpassword = forms.CharField(label="Present password", widget=forms.PasswordInput)
    password1 = forms.CharField(
        label="New password",
        widget=forms.PasswordInput,
        help_text="At least 12 characters. A short sentence works well.",
    )
    password2 = forms.CharField(label="New password again", widget=forms.PasswordInput)


GROUPS = [
    "9F2K",
    "T7QX",
    "M3WD",
    "0H8Z",
    "RV5C",
    "JB61",
    "YN4P",
    "E2GS",
    "K9AT",
    "5XQH",
    "D7MW",
    "8CRJ",
    "ZP30",
    "VB6N",
]
TABS = [
    {"label": "Profile", "url": "/profile", "current": True},
    {"label": "Security", "url": "/profile/security", "current": False},
]
WRONG = {"token": "", "email": "anna@", "password": "short", "password_again": ""}

STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "accounts/sign_in": ("accounts/sign_in.html", {"form": SignInForm(), "csrf_token": "sample"}),
    "accounts/sign_in--refused": (
        "accounts/sign_in.html",
        {"form": RefusedForm({"login": "anna.weiß@klinikum.example", "password": "x"}), "next": "/agents"},
    ),
    "accounts/setup": ("accounts/setup.html", {"form": SetupForm(), "csrf_token": "sample"}),
    "accounts/setup--errors": ("accounts/setup.html", {"form": SetupForm(WRONG), "csrf_token": "sample"}),
    "accounts/recovery_kit": (
        "accounts/recovery_kit.html",
        {
            "groups": GROUPS,
            "form": KitForm(),
            "host": "https://muniment.klinikum-suedost.example",
            "made": datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
            "csrf_token": "sample",
        },
    ),
    "accounts/recovery_kit--again": (
        "accounts/recovery_kit.html",
        {"groups": None, "form": KitForm({"first": "M3WD", "second": ""})},
    ),
    "accounts/profile": (
        "accounts/profile.html",
        frame(
            "My profile", profile_tabs=TABS, form=NameForm({"name": "Dr. Annegret Müller-Lüdenscheidt"}), role="Owner"
        ),
    ),
    "accounts/security": (
        "accounts/security.html",
        frame(
            "My profile",
            "Security",
            profile_tabs=[TABS[0] | {"current": False}, TABS[1] | {"current": True}],
            form=PasswordForm(),
            sessions=[
                {"device": "Firefox on Linux", "started": datetime(2026, 11, 24, 7, 2, tzinfo=UTC), "current": True},
                {"device": "Safari on iPhone", "started": datetime(2026, 11, 20, 18, 45, tzinfo=UTC), "current": False},
            ],
        ),
    ),
}

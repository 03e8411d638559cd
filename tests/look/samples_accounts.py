"""Sign-in, setup, the recovery kit, a person's own pages."""

import json
from datetime import UTC, datetime
from typing import Any

from django import forms

from muniment.accounts.forms import (
    ChangeEmailForm,
    ConfirmForm,
    EnrolmentForm,
    LinkForm,
    NewPasswordForm,
    PasskeyForm,
    SecondStepForm,
)
from muniment.accounts.forms import ForgottenForm as EmailForm
from muniment.accounts.totp import picture
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


class RefusedStepForm(SecondStepForm):
    def clean(self) -> None:
        self.add_error("code", "This code does not work. Type the one the app shows now; each works once.")


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

MOMENT = datetime(2026, 11, 24, 7, 2, tzinfo=UTC)
EARLIER = datetime(2026, 11, 20, 18, 45, tzinfo=UTC)
SECURITY_TABS = [TABS[0] | {"current": False}, TABS[1] | {"current": True}]
SESSIONS = [
    {
        "id": "a" * 32,
        "device": "Firefox on Linux",
        "address": "192.0.2.14",
        "place": "Office Freiburg",
        "started": MOMENT,
        "seen": MOMENT,
        "current": True,
    },
    {
        "id": "b" * 32,
        "device": "Samsung Internet on Android",
        "address": "2001:db8:85a3:8d3:1319:8a2e:370:7348",
        "place": "",
        "started": EARLIER,
        "seen": EARLIER,
        "current": False,
    },
]
NO_FACTORS: dict[str, Any] = {"app": None, "passkeys": [], "browsers": [], "codes_left": 0, "any": False}
FACTORS: dict[str, Any] = {
    "app": {"name": "Annegret's phone", "created": EARLIER, "used": MOMENT},
    "passkeys": [
        {"id": "p1", "name": "Blue security key in the safe", "created": EARLIER, "used": MOMENT},
        {"id": "p2", "name": "Laptop", "created": EARLIER, "used": None},
    ],
    "browsers": [
        {
            "id": "b1",
            "device": "Firefox on Linux",
            "created": EARLIER,
            "used": MOMENT,
            "expires": datetime(2026, 12, 20, tzinfo=UTC),
        }
    ],
    "codes_left": 2,
    "any": True,
}
LINKS = [
    {"by": "Dr. Annegret Müller-Lüdenscheidt", "at": EARLIER, "used": None},
    {"by": "", "at": EARLIER, "used": MOMENT},
]
ENROLMENT = {
    "picture": picture("otpauth://totp/Muniment:anna%40example.org?secret=JBSWY3DPEHPK3PXP"),
    "key": "JBSW Y3DP EHPK 3PXP JBSW Y3DP EHPK 3PXP",
}
CODES = [f"{letter * 2}k3{letter}-7x{letter}w2" for letter in "abcdefghjk"]
OPTIONS = {
    "publicKey": {
        "challenge": "AAAA",
        "rp": {"id": "localhost", "name": "Muniment"},
        "user": {"id": "AAAA", "name": "anna", "displayName": "Anna"},
        "pubKeyCredParams": [],
    }
}


def security(**context: Any) -> dict[str, Any]:
    facts = {"profile_tabs": SECURITY_TABS, "form": PasswordForm(), "sessions": SESSIONS, "passkeys": True}
    return frame("My profile", "Security", **(facts | context))


SECURITY: dict[str, tuple[str, dict[str, Any]]] = {
    "accounts/security": ("accounts/security.html", security(factors=FACTORS, links=LINKS)),
    "accounts/security--first": ("accounts/security.html", security(factors=NO_FACTORS, passkeys=False)),
    "accounts/security--owed": (
        "accounts/security.html",
        security(factors=NO_FACTORS, owed={"factor": MOMENT, "passkey": None, "first": MOMENT}),
    ),
    "accounts/confirm": (
        "accounts/confirm.html",
        frame("My profile", "Security", form=ConfirmForm(), next="/profile/security", has={"passkey"}),
    ),
    "accounts/confirm--passkey": (
        "accounts/confirm.html",
        frame("My profile", "Security", form=ConfirmForm(), next="/", has={"passkey"}, passkey_only=True),
    ),
    "accounts/two_factor": (
        "accounts/two_factor.html",
        frame("My profile", "Security", form=EnrolmentForm(initial={"name": "My phone"}), enrolment=ENROLMENT),
    ),
    "accounts/two_factor--refused": (
        "accounts/two_factor.html",
        frame("My profile", "Security", form=EnrolmentForm({"name": "", "code": ""}), enrolment=ENROLMENT),
    ),
    "accounts/two_factor_off": ("accounts/two_factor_off.html", frame("My profile", "Security", factors=FACTORS)),
    "accounts/two_factor_off--demanded": (
        "accounts/two_factor_off.html",
        frame(
            "My profile",
            "Security",
            factors=FACTORS | {"passkeys": []},
            reason="Your team demands it. Set another one up first.",
        ),
    ),
    "accounts/recovery_codes": (
        "accounts/recovery_codes.html",
        frame("My profile", "Security", codes=CODES, file="\r\n".join(CODES)),
    ),
    "accounts/passkey": (
        "accounts/passkey.html",
        frame("My profile", "Security", form=PasskeyForm(initial={"name": "My passkey"}), options=json.dumps(OPTIONS)),
    ),
}

EMAIL = (
    "accounts/email.html",
    frame("My profile", "E-mail address", form=ChangeEmailForm(), mails=True, sent=False),
)
STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "accounts/sign_in": ("accounts/sign_in.html", {"form": SignInForm(), "csrf_token": "sample", "passkeys": True}),
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
    "accounts/email": EMAIL,
    "accounts/email--refused": (EMAIL[0], EMAIL[1] | {"form": ChangeEmailForm({"email": "x"})}),
    "accounts/email--sent": (EMAIL[0], EMAIL[1] | {"sent": True}),
    "accounts/email--no-mail": (EMAIL[0], EMAIL[1] | {"mails": False}),
    "accounts/email_confirm": (
        "accounts/email_confirm.html",
        frame("My profile", "New e-mail address", form=LinkForm()),
    ),
    **SECURITY,
    "accounts/second_step": ("accounts/second_step.html", {"form": SecondStepForm(), "has": {"app", "passkey"}}),
    "accounts/second_step--refused": (
        "accounts/second_step.html",
        {"form": RefusedStepForm({"code": "123456"}), "has": {"app"}},
    ),
    "accounts/forgotten": ("accounts/forgotten.html", {"form": EmailForm(), "mails": True, "sent": False}),
    "accounts/forgotten--sent": ("accounts/forgotten.html", {"form": EmailForm(), "mails": True, "sent": True}),
    "accounts/forgotten--no-mail": ("accounts/forgotten.html", {"form": EmailForm(), "mails": False, "sent": False}),
    "accounts/new_password": ("accounts/new_password.html", {"form": NewPasswordForm()}),
    "accounts/new_password--refused": (
        "accounts/new_password.html",
        {"form": NewPasswordForm({"token": "", "new": "a", "again": ""})},
    ),
    "accounts/verify_email": ("accounts/verify_email.html", {"form": LinkForm()}),
}

"""Addresses of this room. None of allauth's own: what is not here cannot be asked for."""

from django.urls import path

from muniment.accounts.views import email, passkeys, profile, recovery, signing_in, two_factor

app_name = "accounts"
urlpatterns = [
    path("sign-in", signing_in.sign_in, name="sign_in"),
    path("sign-in/second-step", signing_in.second_step, name="second_step"),
    path("sign-in/forgotten", recovery.forgotten, name="forgotten"),
    path("sign-in/new-password", recovery.new_password, name="new_password"),
    path("sign-in/verify-email", recovery.verify, name="verify_email"),
    path("profile/verify-email", recovery.ask_verification, name="ask_verification"),
    path("sign-in/passkey", passkeys.sign_in, name="sign_in_with_passkey"),
    path("passkey/options", passkeys.options, name="passkey_options"),
    path("sign-out", signing_in.sign_out, name="sign_out"),
    path("confirm", profile.confirm, name="confirm"),
    path("profile", profile.profile, name="profile"),
    path("profile/email", email.ask, name="ask_email"),
    path("profile/email/confirm", email.take, name="take_email"),
    path("profile/security", profile.security, name="security"),
    path("profile/sessions/end-others", profile.end_others, name="end_others"),
    path("profile/sessions/<str:session>/end", profile.end_one, name="end_one"),
    path("profile/browsers/<str:browser>/revoke", profile.revoke, name="revoke_browser"),
    path("profile/two-factor/enable", two_factor.enable, name="enable_app"),
    path("profile/two-factor/rename", two_factor.rename, name="rename_app"),
    path("profile/two-factor/disable", two_factor.disable, name="disable_app"),
    path("profile/two-factor/recovery-codes", two_factor.recovery_codes, name="recovery_codes"),
    path("profile/passkeys/new", passkeys.new, name="new_passkey"),
    path("profile/passkeys/<str:passkey>/rename", passkeys.rename, name="rename_passkey"),
    path("profile/passkeys/<str:passkey>/remove", passkeys.remove, name="remove_passkey"),
]

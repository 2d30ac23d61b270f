"""Providers: the ways for mails to leave, behind one small interface."""

from config import Settings
from summit.mail.providers.local import LocalProvider
from summit.mail.providers.outcome import Provider
from summit.mail.providers.sendgrid import SendGridProvider
from summit.mail.providers.smtp import SmtpProvider


def chosen_provider(settings: Settings) -> Provider:
    """Return the provider that the settings name."""
    match settings.mail_provider:
        case "sendgrid":
            return SendGridProvider(settings)
        case "smtp":
            return SmtpProvider(settings)
        case _:
            return LocalProvider()

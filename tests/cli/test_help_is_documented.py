from tests.cli.help_page import PAGE, documented, every_command, renewed


def test_the_page_has_the_help_of_every_command() -> None:
    commands = set(every_command())
    assert len(commands) > 12
    assert documented(PAGE.read_text()) == commands


def test_the_page_says_what_the_commands_say() -> None:
    """Mend with tools/document-commands."""
    page = PAGE.read_text()
    assert renewed(page) == page
    assert renewed(page.replace("Make an agent", "Unmake an agent")) == page

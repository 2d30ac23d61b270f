"""The mailbox: only with the local provider, only for organizers or on one's own machine; nothing in it runs."""

import pytest
from sqlalchemy import func, select

from summit import clock
from summit.app import create_app
from summit.mail.mailbox import framed, with_links
from summit.mail.models import LocalMail
from tests.conftest import settings_for


@pytest.fixture
def put(session):
    """Put a mail into the mailbox."""

    def into(number=1, **values):
        given = {
            "public_id": f"{number:032x}",
            "to_address": "ana@example.org",
            "to_name": "Ana Ruiz",
            "subject": f"Mail {number}",
            "text": "Open http://summit.test/act/abc.",
            "html": "<!doctype html><html><head><title>x</title></head><body><p>Hello</p></body></html>",
            "headers": {"List-Unsubscribe": "<http://summit.test/unsubscribe/x>"},
            "delivered_at": clock.now(),
        }
        session.add(LocalMail(**(given | values)))
        session.commit()

    return into


def client_of(url, **values):
    return create_app(settings_for(url, **values)).test_client()


def test_the_newest_mail_comes_first_and_one_address_can_be_picked(app, put):
    put(1)
    put(2, to_address="ben@example.org", to_name="Ben")
    put(3)

    everything = app.test_client().get("/mailbox").text
    anas = app.test_client().get("/mailbox?address=Ana@example.org").text

    assert everything.index("Mail 3") < everything.index("Mail 2") < everything.index("Mail 1")
    assert ("Mail 1" in anas, "Mail 2" in anas, "Mail 3" in anas) == (True, False, True)


def test_links_to_us_can_be_clicked_in_the_plain_text(app, put):
    put(text="Done? http://summit.test/act/abc, or look at http://elsewhere.test/x & <b>this</b>.")

    page = app.test_client().get(f"/mailbox/{1:032x}").text

    assert '<a href="/act/abc">http://summit.test/act/abc</a>, or' in page
    assert 'href="http://elsewhere.test' not in page
    assert "&amp; &lt;b&gt;this&lt;/b&gt;" in page
    assert "List-Unsubscribe" in page


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("http://a.test/x?y=1&z=2.", '<a href="/x?y=1&amp;z=2">http://a.test/x?y=1&amp;z=2</a>.'),
        ("(http://a.test/x)", '(<a href="/x">http://a.test/x</a>)'),
        ("http://a.test", '<a href="/">http://a.test</a>'),
        ("http://a.test.evil.test/x", "http://a.test.evil.test/x"),
        ("http://a.tester/x", "http://a.tester/x"),
        ('http://a.test/"><script>', '<a href="/">http://a.test/</a>&#34;&gt;&lt;script&gt;'),
        ("nothing <here>", "nothing &lt;here&gt;"),
    ],
)
def test_only_our_own_addresses_become_links(text, html):
    assert with_links(text, "http://a.test") == html


def test_the_html_of_a_mail_can_run_nothing_and_load_nothing(app, put):
    put(html="<html><head></head><body><script>alert(1)</script><img src='http://spy.test/x.png'></body></html>")

    answer = app.test_client().get(f"/mailbox/{1:032x}/html")
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert policy["img-src"] == "data:"
    assert policy["frame-ancestors"] == "'self'"
    assert "script-src" not in policy
    assert "allow-scripts" not in policy["sandbox"]
    assert "allow-same-origin" not in policy["sandbox"]
    assert '<head><base target="_top">' in answer.text


def test_html_without_a_head_is_framed_too():
    assert framed("<p>Hello</p>").count('<base target="_top">') == 1


def test_with_a_real_provider_there_is_no_mailbox_for_anybody(app, put, database_url, organizer):
    put()
    client = client_of(database_url, SMTP_URL="smtp://mail.example.org")
    with client.session_transaction() as cookie:
        cookie["_user_id"] = f"{organizer.id}:{organizer.session_epoch}"

    answers = [client.get(path).status_code for path in ("/mailbox", f"/mailbox/{1:032x}", f"/mailbox/{1:032x}/html")]

    assert answers == [404, 404, 404]


STRONG = "a-strong-key-of-many-different-characters-0123456789"


@pytest.mark.parametrize(
    "values",
    [
        {"HOST": "0.0.0.0", "SUMMIT_ENV": "development"},
        {"HOST": "0.0.0.0", "SECRET_KEY": STRONG},
        {"SUMMIT_ENV": "production", "SECRET_KEY": STRONG},
    ],
)
def test_where_others_can_reach_it_the_mailbox_is_for_organizers_only(app, make, put, database_url, organizer, values):
    put()
    partner = make.person("Pia Partner")
    answers = {}
    for name, person in (("nobody", None), ("partner", partner), ("organizer", organizer)):
        client = client_of(database_url, **values)
        if person is not None:
            with client.session_transaction() as cookie:
                cookie["_user_id"] = f"{person.id}:{person.session_epoch}"
        answers[name] = [
            client.get(path).status_code for path in ("/mailbox", f"/mailbox/{1:032x}", f"/mailbox/{1:032x}/html")
        ]

    assert answers == {"nobody": [404] * 3, "partner": [404] * 3, "organizer": [200] * 3}


@pytest.mark.parametrize(
    "request_headers",
    [{"X-Forwarded-For": "192.0.2.1"}, {"Forwarded": "for=192.0.2.1"}, {"Host": "rebound.example.org"}],
)
def test_behind_a_proxy_or_another_name_nobody_looks_local(app, put, request_headers):
    put()
    client = app.test_client()

    direct = client.get("/mailbox").status_code
    indirect = client.get("/mailbox", headers=request_headers).status_code

    assert (direct, indirect) == (200, 404)


def test_a_mail_that_is_not_there_is_not_found(app):
    assert app.test_client().get("/mailbox/nothing").status_code == 404


def test_a_long_mailbox_has_pages(app, session, put):
    for number in range(1, 36):
        put(number)

    first, second = app.test_client().get("/mailbox").text, app.test_client().get("/mailbox?page=2").text

    assert session.scalar(select(func.count(LocalMail.id))) == 35
    assert ("Mail 35" in first, "Mail 5<" in first, "Mail 5<" in second) == (True, False, True)

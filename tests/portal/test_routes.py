"""Every address of the portal, present and to come."""

OPEN_TO_ALL = {"/sign-in", "/health"}


def addresses(portal):
    """Every address without a blank in it."""
    routes = portal.registry.introspector.get_category("routes")
    patterns = {route["introspectable"]["pattern"] for route in routes}
    return sorted(pattern for pattern in patterns if not set(pattern) & set("{*"))


def test_every_address_answers_whoever_is_signed_in(annas, portal):
    answers = {
        path: annas.get(path, status="*").status_int for path in addresses(portal)
    }

    assert answers == {
        "/": 303,
        "/account": 200,
        "/account/calls": 200,
        "/account/card": 200,
        "/account/ledger": 200,
        "/account/numbers": 200,
        "/account/phonebook": 200,
        "/account/preferences": 200,
        "/account/top-up": 200,
        "/health": 200,
        "/sign-in": 303,
        "/sign-out": 404,
        "/webphone/indexcallb.htm": 303,
    }


def test_no_address_shows_a_guest_more_than_the_door(browser, portal):
    shown = {
        path
        for path in addresses(portal)
        if browser.get(path, status="*").status_int == 200
    }

    assert shown == OPEN_TO_ALL


def test_no_address_takes_a_form_without_our_mark(annas, portal):
    answers = {
        annas.app.post(path, {}, status="*").status_int for path in addresses(portal)
    }

    assert answers <= {400, 404}

"""Accounts, users and their keys as the operator's commands keep them."""
import json

import rig
from rig import expect, expect_equal

ADMIN = "AdministratorAccess"


class Books:
    """The commands of a store that no service has open."""

    def __init__(self, place):
        self.place, self.service = place, rig.Service(place)
        self.service.process.close()

    def does(self, *words):
        done = self.service.command(*words)
        return done.stdout + done.stderr

    def refuses(self, says, *words):
        done = self.service.command(*words, ok=False)
        expect(done.returncode == 1 and says in done.stderr,
               f"{words}: {done.returncode} {done.stderr}")

    def shown(self, name="ann"):
        return json.loads(self.service.command("user", "show", name).stdout)


def a_user_is_made_changed_and_forgotten(place):
    books = Books(place)
    books.does("user", "create", "ann", "--policy", ADMIN, "--tags", "team=red,floor=2")
    books.refuses("ann", "user", "create", "ann")
    expect_equal(books.shown()["tags"], {"team": "red", "floor": "2"})
    books.does("user", "tag", "ann", "--set", "team=blue", "--remove", "floor")
    expect_equal(books.shown()["tags"], {"team": "blue"})
    books.does("user", "policy", "ann", "--attach", "AWSIoT1ClickReadOnlyAccess")
    books.does("user", "policy", "ann", "--detach", ADMIN)
    expect_equal(list(books.shown()["policies"]), ["AWSIoT1ClickReadOnlyAccess"])
    listed = books.does("user", "list")
    expect("ann" in listed and "AWSIoT1ClickReadOnlyAccess" in listed, listed)
    books.does("user", "delete", "ann")
    books.refuses("ann", "user", "show", "ann")


def what_cannot_be_taken_away_is_named(place):
    books = Books(place)
    books.does("user", "create", "ann", "--policy", ADMIN)
    books.refuses("no policy 'other'", "user", "policy", "ann", "--detach", "other")
    books.refuses("no tag 'team'", "user", "tag", "ann", "--remove", "team")
    books.refuses("name the same policy", "user", "policy", "ann", "--attach", ADMIN,
                  "--detach", ADMIN)
    books.does("user", "tag", "ann", "--set", "a=1")
    books.refuses("a", "user", "tag", "ann", "--set", "a=2", "--remove", "a")
    expect_equal(books.shown()["tags"], {"a": "1"})
    for words in (("policy", "ann"), ("tag", "ann"), ("policy", "bob", "--attach", ADMIN),
                  ("tag", "bob", "--set", "a=1"), ("delete", "bob"), ("show", "bob")):
        done = books.service.command("user", *words, ok=False)
        expect(done.returncode in (1, 2) and done.stderr, f"{words}: {done.stderr}")


def a_user_has_so_many_policies_and_tags(place):
    books = Books(place)
    document = json.dumps({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "*", "Resource": "*"}})
    books.does("user", "create", "ann")
    path = place.write("p.json", document)
    for i in range(10):
        books.does("user", "policy", "ann", "--attach", path, "--as", f"p{i}")
    books.refuses("at most 10 policies", "user", "policy", "ann", "--attach", path, "--as",
                  "p10")
    expect_equal(len(books.shown()["policies"]), 10)
    books.does("user", "tag", "ann", "--set", ",".join(f"t{i}=1" for i in range(50)))
    books.refuses("50", "user", "tag", "ann", "--set", "t50=1")


def a_key_with_a_policy_of_its_own_does_not_go_by_the_users(place):
    books = Books(place)
    books.does("user", "create", "ann", "--policy", ADMIN)
    first = books.service.key("ann", policy="AWSIoT1ClickReadOnlyAccess")[0]
    books.refuses("goes by a policy of its own", "user", "policy", "ann", "--attach",
                  "AWSIoT1ClickFullAccess")
    books.does("key", "create", "--user", "ann")
    said = books.does("user", "policy", "ann", "--attach", "AWSIoT1ClickFullAccess")
    expect(f"{first} of user ann still goes by a policy of its own" in said, said)
    books.refuses("revoke them", "user", "delete", "ann")
    books.does("key", "revoke", first)
    books.refuses("revoke it", "user", "delete", "ann")


def two_accounts_do_not_know_each_other(place):
    books = Books(place)
    books.does("account", "create", "--account", "111111111111", "--name", "North")
    books.refuses("111111111111", "account", "create", "--account", "111111111111")
    books.does("user", "create", "ann", "--account", "111111111111", "--policy", ADMIN)
    books.does("user", "create", "ann")
    books.refuses("", "user", "show", "ann", "--account", "333333333333")
    expect_equal(books.shown()["policies"], {})
    listed = books.does("account", "list")
    expect("North" in listed and "000000000000" in listed, listed)


rig.run(globals())

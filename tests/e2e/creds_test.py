"""Keys and places as the aws command finds them: both read the same files, and what they
find is the same; programs that print keys; proxies; what is only theirs is said."""
import datetime
import json
import os
import socket
import subprocess
import threading

import rig
from console import Console
from hostile_service import Hostile
from rig import expect, expect_equal

AK, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalr/XUt+nFE=EXAMPLEKEY"
KEYS = f"aws_access_key_id = {AK}\naws_secret_access_key = {SECRET}\n"
OTHER = "aws_access_key_id = AKIAOTHER00000000001\naws_secret_access_key = other\n"

# What it is about, ~/.aws/credentials, ~/.aws/config, the environment, the --profile.
FILES = [
    ("both of one profile", f"[default]\n{KEYS}", "", {}, None),
    ("keys in the config file", "", f"[default]\n{KEYS}region = eu-west-1\n", {}, None),
    ("a profile of the config file", "", f"[profile ops]\n{KEYS}", {}, "ops"),
    ("[profile default]", "", f"[profile default]\n{KEYS}", {}, None),
    ("a name in quotes", "", f"[profile \"with space\"]\n{KEYS}", {}, "with space"),
    ("a name in single quotes", "", f"[profile 'with space']\n{KEYS}", {}, "with space"),
    ("a name with blanks in credentials", f"[with space]\n{KEYS}", "", {}, "with space"),
    ("a name with an escaped blank", "", f"[profile with\\ space]\n{KEYS}", {}, "with space"),
    ("a name of other letters", "", f"[profile caf\u00e9/ops@1]\n{KEYS}", {}, "caf\u00e9/ops@1"),
    ("keys in capitals", "[default]\n" + KEYS.replace("aws_access", "AWS_Access")
     .replace("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"), "", {}, None),
    ("colons", "[default]\n" + KEYS.replace(" =", ":"), "", {}, None),
    ("a colon in a value", "[default]\n" + KEYS,
     "[default]\nendpoint_url=http://127.0.0.1:8080\nregion:eu-west-1\n", {}, None),
    ("blanks everywhere", f"[default]\n{KEYS}".replace(" = ", " \t=  \t"), "", {}, None),
    ("no blanks", f"[default]\n{KEYS}".replace(" = ", "="), "", {}, None),
    ("CRLF", f"[default]\n{KEYS}".replace("\n", "\r\n"), "", {}, None),
    ("no newline at the end", f"[default]\n{KEYS}".strip(), "", {}, None),
    ("comments on their own lines", f"# a\n; b\n[default]\n# c\n{KEYS}  ; d\n", "", {}, None),
    ("words behind a heading", f"[default] # mine\n{KEYS}", "", {}, None),
    ("a # within a value", f"[default]\naws_access_key_id={AK}\n"
     "aws_secret_access_key=a#b;c\n", "", {}, None),
    ("all keys indented", "[default]\n" + "".join(
        "  " + line + "\n" for line in KEYS.splitlines()), "", {}, None),
    ("an indented heading", f"  [default]\n{KEYS}", "", {}, None),
    ("nested settings", f"[default]\n{KEYS}",
     "[default]\ns3 =\n  region = nested\n  aws_access_key_id = NESTED\nregion = eu-west-1\n",
     {}, None),
    ("nested after a blank line", f"[default]\n{KEYS}",
     "[default]\ns3 =\n\n  region = nested\nregion = eu-west-1\n", {}, None),
    ("a value that goes on", f"[default]\n{KEYS}",
     "[default]\nca_bundle = /a\nregion = eu-west-1\n", {}, None),
    ("credentials before config", f"[default]\n{KEYS}",
     f"[default]\n{OTHER}region = eu-west-1\n", {}, None),
    ("a region in the credentials file", f"[default]\n{KEYS}region = eu-west-2\n",
     "[default]\nregion = eu-west-1\n", {}, None),
    ("a token", f"[default]\n{KEYS}aws_session_token = tok/1+2==\n", "", {}, None),
    ("the older name of a token", f"[default]\n{KEYS}aws_security_token = tok1\n", "", {},
     None),
    ("the environment", f"[default]\n{KEYS}", "",
     {"AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "senv",
      "AWS_SESSION_TOKEN": "tenv"}, None),
    ("a profile named outright", f"[ops]\n{KEYS}", "",
     {"AWS_ACCESS_KEY_ID": "AKENV", "AWS_SECRET_ACCESS_KEY": "senv"}, "ops"),
    ("AWS_PROFILE", f"[ops]\n{KEYS}[default]\n{OTHER}", "", {"AWS_PROFILE": "ops"}, None),
    ("AWS_DEFAULT_PROFILE", f"[ops]\n{KEYS}[default]\n{OTHER}", "",
     {"AWS_DEFAULT_PROFILE": "ops"}, None),
    ("both of them", f"[ops]\n{KEYS}[dev]\n{OTHER}", "",
     {"AWS_PROFILE": "ops", "AWS_DEFAULT_PROFILE": "dev"}, None),
    ("AWS_REGION and AWS_DEFAULT_REGION", f"[default]\n{KEYS}", "",
     {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, None),
    ("ca_bundle", f"[default]\n{KEYS}", "[default]\nca_bundle = /x/ca.pem\n", {}, None),
    ("a # within a path", f"[default]\n{KEYS}", "[default]\nca_bundle = /x #1/ca.pem\n", {},
     None),
    ("AWS_CA_BUNDLE", f"[default]\n{KEYS}", "[default]\nca_bundle = /x/ca.pem\n",
     {"AWS_CA_BUNDLE": "/y/ca.pem"}, None),
    ("a program", "", "[default]\ncredential_process = sh -c "
     "'echo \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":\\\"AKP\\\","
     "\\\"SecretAccessKey\\\":\\\"sp\\\",\\\"SessionToken\\\":\\\"tp\\\"}\"'\n", {}, None),
    ("a program and keys in credentials", f"[default]\n{KEYS}",
     "[default]\ncredential_process = false\n", {}, None),
    ("a program before keys in config", "", "[default]\n" + OTHER +
     "credential_process = sh -c 'echo \"{\\\"Version\\\":1,\\\"AccessKeyId\\\":"
     "\\\"AKP\\\",\\\"SecretAccessKey\\\":\\\"sp\\\"}\"'\n", {}, None),
    ("no such profile", f"[default]\n{KEYS}", "", {}, "nobody"),
    ("nothing at all", "", "", {}, None),
    ("half a key", "[default]\naws_access_key_id = A\n", "", {}, None),
    ("a key without a heading", KEYS, "", {}, None),
    ("a line that is none", f"[default]\n{KEYS}what\n", "", {}, None),
]
# What the aws command refuses, or reads as good for nothing, and we read as it was meant.
LENIENT = [
    ("a byte order mark", f"\ufeff[default]\n{KEYS}", ""),
    ("a section twice", f"[default]\naws_access_key_id={AK}\n[default]\n"
     f"aws_secret_access_key={SECRET}\n", ""),
    ("a key twice", f"[default]\naws_access_key_id=X\n{KEYS}", ""),
    ("a comment behind a value", f"[default]\naws_access_key_id = {AK} # mine\n"
     f"aws_secret_access_key = {SECRET} ; since May\n", ""),
]

ORACLE = """
import json, os, sys
import awscli.botocore.session as session
for line in sys.stdin:
    profile, env = json.loads(line)
    os.environ.clear()
    os.environ.update(env)
    s = session.Session(profile=profile)
    try:
        c = s.get_credentials()
        print(json.dumps(c and [c.access_key, c.token, s.get_config_variable('region'),
                                s.get_config_variable('ca_bundle')]))
    except Exception as e:
        print(json.dumps(None))
"""


def write(place, credentials, config, home=""):
    os.makedirs(place.join(home, ".aws"), exist_ok=True)
    for name, text in (("credentials", credentials), ("config", config)):
        with open(place.join(home, ".aws", name), "w", encoding="utf-8", newline="") as f:
            f.write(text)
        os.chmod(place.join(home, ".aws", name), 0o600)


def ask_aws(rows):
    """Profiles and environments; what is found with each."""
    done = subprocess.run(["/usr/bin/python3", "-c", ORACLE], text=True, capture_output=True,
                          input="".join(json.dumps(row) + "\n" for row in rows),
                          timeout=60 * rig.SLOW)
    got = [json.loads(line) for line in done.stdout.splitlines()]
    expect_equal(len(got), len(rows), f"answers ({done.stderr})")
    return got


def ask_us(place, service, profile, env):
    """What the request was signed with; a CA that cannot be read is named in the refusal."""
    service.heads.clear()
    words = ["--profile", profile] if profile is not None else []
    done = subprocess.run(
        [rig.ONECLICK, "--endpoint", service.url, *words, "devices", "list"],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60 * rig.SLOW,
        env=place.environment(**env))
    if "ca_file: " in done.stderr:
        return [None, None, None, done.stderr.split("ca_file: ")[1].split(": ")[0]], done
    if done.returncode:
        return None, done
    headers = dict(line.split(": ", 1) for line in service.heads[0].split("\n")[1:])
    scope = headers["Authorization"].split("Credential=")[1].split(",")[0].split("/")
    return [scope[0], headers.get("X-Amz-Security-Token"), scope[2], None], done


def both_find_the_same(place):
    service = Hostile(place=place)
    rows = []
    for i, (what, credentials, config, env, profile) in enumerate(FILES):
        write(place, credentials, config, f"home-{i}")
        rows.append((profile, place.environment(
            HOME=place.join(f"home-{i}"), AWS_EC2_METADATA_DISABLED="true", **env)))
    for i, wanted in enumerate(ask_aws(rows)):
        what, _, _, env, profile = FILES[i]
        got, done = ask_us(place, service, profile, dict(env, HOME=place.join(f"home-{i}")))
        if wanted and wanted[3]:
            expect_equal(got[3], wanted[3], f"{what}: ca ({done.stderr})")
            continue
        if wanted:
            wanted[2] = wanted[2] or rig.REGION
        expect_equal(got, wanted, f"{what} ({done.stderr})")
        expect(got or done.returncode == 78, f"{what}: {done.returncode} {done.stderr}")


def what_aws_stumbles_over_is_read_as_meant(place):
    service = Hostile(place=place)
    for what, credentials, config in LENIENT:
        write(place, credentials, config)
        got, done = ask_us(place, service, None, {})
        expect_equal(got and got[0], AK, f"{what}: {done.stderr}")


def roles_and_sign_ons_name_the_profile_and_the_way_out(place):
    service = Hostile(place=place)
    for lines in ("role_arn = arn:aws:iam::1:role/x\nsource_profile = default\n",
                  "role_arn = x\nweb_identity_token_file = /t\n",
                  "sso_session = corp\nsso_account_id = 1\nsso_role_name = r\n",
                  "sso_start_url = https://x\nsso_region = r\nsso_account_id = 1\n"):
        write(place, f"[default]\n{KEYS}", f"[profile ops]\n{lines}")
        got, done = ask_us(place, service, "ops", {})
        expect(got is None and done.returncode == 78, done.stderr)
        for word in ("Profile ops", "export-credentials", "credential_process"):
            expect(word in done.stderr, done.stderr)


# ---- programs that print keys ----------------------------------------------------------------

def script(place, text):
    path = place.write("keys.sh", "#!/bin/sh\n" + text)
    os.chmod(path, 0o700)
    write(place, "", f"[default]\ncredential_process = {path} --x \"a b\"\n")
    return path


def printed(**more):
    return json.dumps({"Version": 1, "AccessKeyId": "AKP", "SecretAccessKey": "sp", **more})


def what_a_program_does_wrong_is_said(place):
    service = Hostile(place=place)
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    rows = [("echo no luck >&2; exit 3", "ended with 3: no luck"),
            ("kill -9 $$", "signal 9"),
            ("echo hello", "no JSON"), ("true", "no JSON"),
            ("echo '{}'", "Version"), ("echo '{\"Version\":2}'", "Version"),
            ("echo '{\"Version\":1,\"AccessKeyId\":\"A\"}'", "lacks"),
            (f"echo '{printed(Expiration='2001-01-01T00:00:00Z')}'", "expired"),
            (f"echo '{printed(Expiration='soon')}'", "Expiration"),
            ("yes | head -c 200000", "64 KiB"),
            ("printf '\\033[31mred\\033[0m' >&2; exit 1", "^[[31mred"),
            (f"test \"$2\" = 'a b' && echo '{printed(Expiration=later.isoformat())}'", None)]
    for text, says in rows:
        script(place, text)
        got, done = ask_us(place, service, None, {})
        if says is None:
            expect_equal(got and got[0], "AKP", f"{text}: {done.stderr}")
            continue
        expect(got is None and done.returncode == 1, f"{text}: {done.returncode} {done.stderr}")
        expect("credential_process of profile default" in done.stderr and
               says in done.stderr and "\x1b" not in done.stderr, f"{text}: {done.stderr}")
    write(place, "", "[default]\ncredential_process = /nowhere/keys\n")
    got, done = ask_us(place, service, None, {})
    expect(got is None and "cannot be started" in done.stderr, done.stderr)


def keys_that_expire_are_fetched_again_and_the_keys_of_the_board_stay_alive(place):
    count = place.join("count")
    script(place, f"""
echo x >> {count}
sleep 1
when=$(date -u -d '+90 seconds' +%Y-%m-%dT%H:%M:%SZ)
echo '{{"Version":1,"AccessKeyId":"AKP'$(wc -l < {count})'","SecretAccessKey":"sp","Expiration":"'$when'"}}'
""")
    service = Hostile(place=place)
    screen = Console(place, "--endpoint", service.url)
    screen.send("?")
    screen.wait("keys of", 10)
    screen.send("\\e")
    rig.wait_for("a first fetch", lambda: any("AKP1" in h for h in service.heads), 20)
    screen.send("\\x12")
    rig.wait_for("a second fetch", lambda: any("AKP2" in h for h in service.heads), 20)
    screen.send("qqqq")
    expect_equal(screen.end(20), "exit 0", "the end")


# ---- proxies ---------------------------------------------------------------------------------

def proxies_are_used_as_aws_uses_them(place):
    write(place, f"[default]\n{KEYS}", "")
    service, proxy = Hostile(place=place), Hostile(place=place)
    name = f"127.0.0.1:{service.port}"
    rows = [({"HTTP_PROXY": proxy.url}, True), ({"http_proxy": proxy.url}, True),
            ({"http_proxy": "", "HTTP_PROXY": proxy.url}, False),
            ({"HTTP_PROXY": f"127.0.0.1:{proxy.port}"}, True),
            ({"HTTPS_PROXY": proxy.url}, False), ({"ALL_PROXY": proxy.url}, False),
            ({"HTTP_PROXY": proxy.url, "NO_PROXY": "*"}, False),
            ({"HTTP_PROXY": proxy.url, "NO_PROXY": "127.0.0.1"}, False),
            ({"HTTP_PROXY": proxy.url, "no_proxy": f"x, {name} ,y"}, False),
            ({"HTTP_PROXY": proxy.url, "NO_PROXY": ".0.0.1"}, False),
            ({"HTTP_PROXY": proxy.url, "NO_PROXY": "27.0.0.1,example.com"}, True),
            ({"HTTP_PROXY": proxy.url, "REQUEST_METHOD": "GET"}, False)]
    for env, used in rows:
        proxy.heads.clear(), service.heads.clear()
        done = subprocess.run(
            [rig.ONECLICK, "--endpoint", service.url, "devices", "list"], text=True,
            capture_output=True, stdin=subprocess.DEVNULL, env=place.environment(**env),
            timeout=60 * rig.SLOW)
        expect_equal(done.returncode, 0, f"{env}: {done.stderr}")
        expect_equal((len(proxy.heads), len(service.heads)), (int(used), int(not used)),
                     f"{env}: requests to the proxy and to the service")
        if used:
            expect(proxy.heads[0].startswith(f"GET http://{name}/devices"), proxy.heads[0])


def a_proxy_elsewhere_takes_nothing_in_the_clear(place):
    write(place, f"[default]\n{KEYS}", "")
    done = subprocess.run(
        [rig.ONECLICK, "--endpoint", "http://127.0.0.1:9", "devices", "list"], text=True,
        capture_output=True, stdin=subprocess.DEVNULL, timeout=60 * rig.SLOW,
        env=place.environment(HTTP_PROXY="http://proxy.example:3128"))
    expect("in the clear" in done.stderr and "NO_PROXY" in done.stderr, done.stderr)


def a_tunnel_is_asked_for_https(place):
    write(place, f"[default]\n{KEYS}", "")
    listener = socket.create_server(("127.0.0.1", 0))
    asked = []

    def serve():
        link, _ = listener.accept()
        asked.append(link.recv(4096).decode())
        link.sendall(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        link.close()
    threading.Thread(target=serve, daemon=True).start()
    done = subprocess.run(
        [rig.ONECLICK, "--endpoint", "https://click.example", "devices", "list"], text=True,
        capture_output=True, stdin=subprocess.DEVNULL, timeout=60 * rig.SLOW,
        env=place.environment(HTTPS_PROXY=f"http://127.0.0.1:{listener.getsockname()[1]}"))
    listener.close()
    expect_equal(done.returncode, 69, done.stderr)
    expect(asked and asked[0].startswith("CONNECT click.example:443 HTTP/1.1"), asked)
    expect("AWS4" not in asked[0], "no signature goes to the proxy")


rig.run(globals())

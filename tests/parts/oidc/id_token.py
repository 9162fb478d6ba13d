"""A token of an OpenID provider, as an application gets it: by the flow with a code (OpenID Connect Core, 3.1).

In: the provider's address, a client's id and a subject. Out: the id token, on one line.
"""

import json
import sys
import urllib.error
import urllib.parse
import urllib.request

BACK = "http://127.0.0.1:9/back"


class Stay(urllib.request.HTTPRedirectHandler):
    """The code stands in the address that the browser would be sent to; nobody is there."""

    def redirect_request(self, *_):
        return None


def post(opener, address, fields):
    """The answer to a form, a redirection too."""
    try:
        return opener.open(address, urllib.parse.urlencode(fields).encode())
    except urllib.error.HTTPError as answer:
        return answer


def main():
    provider, client, subject = sys.argv[1:]
    opener = urllib.request.build_opener(Stay())
    with opener.open(f"{provider}/.well-known/openid-configuration") as answer:
        known = json.load(answer)
    asked = {"client_id": client, "redirect_uri": BACK, "response_type": "code", "scope": "openid"}
    consent = post(opener, f"{known['authorization_endpoint']}?{urllib.parse.urlencode(asked)}", {"sub": subject})
    back = urllib.parse.urlparse(consent.headers["Location"])
    code = urllib.parse.parse_qs(back.query)["code"][0]
    wanted = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "client_id": client}
    wanted["client_secret"] = "any"
    with post(opener, known["token_endpoint"], wanted) as answer:
        print(json.load(answer)["id_token"])


if __name__ == "__main__":
    main()

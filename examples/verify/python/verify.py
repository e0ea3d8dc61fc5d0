import jwt

ISSUER = "https://id.example.org"
AUDIENCE = "https://id.example.org/apps/orders/production"
PERMISSION = "approve"

# The keys are kept for five minutes, and fetched again then or when a token names one that is not among them.
KEYS = jwt.PyJWKClient(f"{ISSUER}/.well-known/jwks.json", lifespan=300)


def verify(token: str) -> dict:
    """Checks an access token, and that whoever it stands for holds the permission."""
    decoded = jwt.decode_complete(
        token,
        KEYS.get_signing_key_from_jwt(token),
        algorithms=["ES256"],
        issuer=ISSUER,
        audience=AUDIENCE,
        options={"require": ["iss", "aud", "exp", "sub"]},
    )
    if decoded["header"].get("typ") != "at+jwt":
        raise jwt.InvalidTokenError("not an access token")
    claims = decoded["payload"]
    # A list that is not there gives nothing.
    if PERMISSION not in claims.get("permissions", []):
        raise PermissionError(f"needs {PERMISSION}")
    return claims

import { createRemoteJWKSet, jwtVerify } from "jose";

const ISSUER = "https://id.example.org";
const AUDIENCE = "https://id.example.org/apps/orders/production";
const PERMISSION = "approve";

// The keys are kept for five minutes, and fetched again then or when a token names one that is not among them.
const keys = createRemoteJWKSet(new URL(`${ISSUER}/.well-known/jwks.json`), { cacheMaxAge: 300_000 });

/** Checks an access token, and that whoever it stands for holds the permission. */
export async function verify(token: string) {
  const { payload } = await jwtVerify<{ permissions?: string[] }>(token, keys, {
    algorithms: ["ES256"],
    typ: "at+jwt",
    issuer: ISSUER,
    audience: AUDIENCE,
    requiredClaims: ["sub", "exp"],
  });
  // A list that is not there gives nothing.
  if (!payload.permissions?.includes(PERMISSION)) throw new Error(`needs ${PERMISSION}`);
  return payload;
}

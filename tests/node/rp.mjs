// A strict relying party: node rp.mjs CONFIG_JSON
//
// CONFIG: { issuer, client_id, client_secret?, auth_method: "client_secret_basic" | "client_secret_post" | "none", redirect_uri,
//           username, password, scope, audience?, client_credentials?: { scope?, resource? }, post_logout_redirect_uri?, claims? }
// Prints what it got as JSON; any check that fails ends it with status 1 and the reason on standard error.
import assert from 'node:assert/strict'
import * as client from 'openid-client'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { parse } from 'node-html-parser'

const config = JSON.parse(process.argv[2])

const methods = {
  client_secret_basic: () => client.ClientSecretBasic(config.client_secret),
  client_secret_post: () => client.ClientSecretPost(config.client_secret),
  none: () => client.None(),
}

// Plain http is there only because the provider under test listens on loopback.
const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(config.issuer).hostname)
const execute = [client.enableNonRepudiationChecks]
if (loopback) execute.push(client.allowInsecureRequests)

const provider = await client.discovery(
  new URL(config.issuer),
  config.client_id,
  { require_auth_time: false, token_endpoint_auth_method: config.auth_method },
  methods[config.auth_method](),
  { execute },
)
const metadata = provider.serverMetadata()
assert.equal(metadata.issuer, config.issuer)
const keys = createRemoteJWKSet(new URL(metadata.jwks_uri))

// --- a browser just good enough for pages that work without JavaScript

const cookies = new Map()

async function navigate(url, form) {
  for (let hops = 0; hops < 20; hops++) {
    const headers = { accept: 'text/html', 'sec-fetch-site': form ? 'same-origin' : 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    if (cookies.size) headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    if (form) headers.origin = new URL(url).origin
    const answer = await fetch(url, { method: form ? 'POST' : 'GET', headers, body: form, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) {
      const [pair, ...attributes] = line.split(';')
      const [name, value] = [pair.slice(0, pair.indexOf('=')).trim(), pair.slice(pair.indexOf('=') + 1).trim()]
      if (attributes.some((attribute) => /^\s*max-age=(0|-\d+)\s*$/i.test(attribute))) cookies.delete(name)
      else cookies.set(name, value)
    }
    if (answer.status < 300 || answer.status > 399) return { url, status: answer.status, html: parse(await answer.text()) }
    const target = new URL(answer.headers.get('location'), url)
    if (isCallback(target)) return { callback: target }
    assert.equal(target.origin, new URL(config.issuer).origin, `a redirect to a foreign place: ${target}`)
    url = target.href
    form = undefined
  }
  assert.fail('more than 20 redirects')
}

function isCallback(target) {
  const expected = new URL(config.redirect_uri)
  return target.origin === expected.origin && target.pathname === expected.pathname
}

// The pages have fixed element ids, so that scripts can drive them.
async function walk(start) {
  let step = await navigate(start)
  for (let pages = 0; pages < 10 && !step.callback; pages++) {
    const button = ['login-submit', 'consent-allow'].map((id) => step.html.getElementById(id)).find(Boolean)
    assert.ok(button, `no known button on ${step.url} (${step.status}): ${step.html.textContent.replace(/\s+/g, ' ').trim().slice(0, 500)}`)
    const form = button.closest('form')
    assert.equal(form.getAttribute('method')?.toLowerCase(), 'post')
    const fields = new URLSearchParams()
    for (const input of form.querySelectorAll('input')) {
      const [name, type] = [input.getAttribute('name'), input.getAttribute('type') ?? 'text']
      if (!name || ['submit', 'button', 'image'].includes(type)) continue
      if (['checkbox', 'radio'].includes(type) && !input.hasAttribute('checked')) continue
      const typed = { username: config.username, password: config.password }[input.id]
      fields.append(name, typed ?? input.getAttribute('value') ?? '')
    }
    if (button.getAttribute('name')) fields.append(button.getAttribute('name'), button.getAttribute('value') ?? '')
    step = await navigate(new URL(button.getAttribute('formaction') ?? form.getAttribute('action') ?? '', step.url).href, fields)
  }
  assert.ok(step.callback, 'the sign-in did not come to an end')
  return step.callback
}

async function verifyAccessToken(token) {
  const { payload, protectedHeader } = await jwtVerify(token, keys, { issuer: config.issuer, audience: config.audience, typ: 'at+jwt', requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'] })
  assert.equal(payload.client_id, config.client_id)
  assert.ok(!protectedHeader.alg.startsWith('HS'))
  return payload
}

const result = { metadata }

if (config.redirect_uri) {
  const verifier = client.randomPKCECodeVerifier()
  const [state, nonce] = [client.randomState(), client.randomNonce()]
  const start = client.buildAuthorizationUrl(provider, {
    redirect_uri: config.redirect_uri,
    scope: config.scope,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(config.claims && { claims: JSON.stringify(config.claims) }),
  })
  const callback = await walk(start.href)
  const tokens = await client.authorizationCodeGrant(provider, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true })
  const claims = tokens.claims()
  result.callback = callback.href
  result.id_token = claims
  result.access_token = await verifyAccessToken(tokens.access_token)
  assert.equal(result.access_token.sub, claims.sub)
  result.userinfo = await client.fetchUserInfo(provider, tokens.access_token, claims.sub)

  if (config.introspect) {
    // RFC 7662, and what it says is what the token says.
    const told = await client.tokenIntrospection(provider, tokens.access_token)
    assert.equal(told.active, true)
    for (const name of ['iss', 'sub', 'aud', 'client_id', 'scope', 'exp', 'iat', 'jti', 'sid']) assert.deepEqual(told[name], result.access_token[name], `introspection says another ${name}`)
    assert.equal((await client.tokenIntrospection(provider, 'nothing that was ever issued')).active, false)
    result.introspection = told
    // OpenID Connect Core section 5.6.2: what did not fit is elsewhere, for whoever has this very access token.
    for (const [name, source] of Object.entries(result.access_token._claim_names ?? {})) {
      assert.equal(result.access_token[name], undefined, `${name} is absent, never empty`)
      const answer = await client.fetchProtectedResource(provider, tokens.access_token, new URL(result.access_token._claim_sources[source].endpoint), 'GET')
      assert.match(answer.headers.get('content-type'), /^application\/jwt/)
      const { payload } = await jwtVerify(await answer.text(), keys, { issuer: config.issuer, audience: config.audience, typ: 'claims+jwt', subject: claims.sub })
      assert.deepEqual(payload[name], told[name])
      result.elsewhere = { ...result.elsewhere, [name]: payload[name] }
    }
  }

  if (tokens.refresh_token) {
    const fresh = await client.refreshTokenGrant(provider, tokens.refresh_token)
    const again = fresh.claims()
    if (again) for (const name of ['iss', 'sub', 'aud', 'auth_time', 'azp']) assert.deepEqual(again[name], claims[name], `${name} changed with a refresh`)
    result.refreshed = { id_token: again ?? null, access_token: await verifyAccessToken(fresh.access_token), rotated: fresh.refresh_token !== undefined && fresh.refresh_token !== tokens.refresh_token }
  }
  if (config.revoke) {
    await client.tokenRevocation(provider, tokens.access_token)
    await assert.rejects(client.fetchUserInfo(provider, tokens.access_token, claims.sub), 'a revoked token still works')
    await client.tokenRevocation(provider, 'nothing that was ever issued')
  }
  if (metadata.end_session_endpoint) {
    const parameters = { id_token_hint: tokens.id_token }
    if (config.post_logout_redirect_uri) parameters.post_logout_redirect_uri = config.post_logout_redirect_uri
    result.end_session_url = client.buildEndSessionUrl(provider, parameters).href
  }
  // A code works once.
  await assert.rejects(
    client.authorizationCodeGrant(provider, callback, { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce }),
    (error) => error.error === 'invalid_grant',
    'a code was accepted twice',
  )
}

if (config.client_credentials) {
  const tokens = await client.clientCredentialsGrant(provider, config.client_credentials)
  assert.equal(tokens.refresh_token, undefined, 'RFC 6749 section 4.4.3')
  result.client_credentials = await verifyAccessToken(tokens.access_token)
}

console.log(JSON.stringify(result))

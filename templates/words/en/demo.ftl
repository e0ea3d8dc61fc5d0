# The demo app: what a newcomer tries and shows around.

## Before
demo-title = Try it
demo-try = Try { $app }
demo-lead = See what this app will be told when somebody signs in, with a real sign-in.
demo-step-sign-in = You sign in here, as the people who use the app will do.
demo-step-code = The demo app gets a code and redeems it for tokens, the way every app does: authorization code flow with PKCE.
demo-step-claims = You see the tokens: every claim, what it means, and who gave you what it says.
demo-sign-in-to = Sign in to { $app }
demo-keeps-nothing = The demo app is part of Gatehouse. It stores nothing.
demo-off-title = The demo app is switched off here
demo-off-enable = It needs a client of its own for this app at this stage. You may make it: people with a role here can then try it too.
demo-off-closed = Whoever manages the clients of this app can switch it on: on this page, once they are signed in.
demo-enable = Switch it on
demo-enable-denied = You may not switch it on: that needs the permission to manage the clients of this app at this stage. If the client was suspended, it needs that permission for the whole organization.

## When it did not come to its end
demo-over-title = This sign-in is over
demo-over = Its answer is used up: tokens are shown once and kept nowhere. Nothing was lost and nothing was sent again.
demo-other-title = This answer belongs to another sign-in
demo-other = You began a newer one, perhaps in another window. Go on there, or begin again.
demo-cancelled-title = You went back
demo-cancelled = No sign-in, no tokens: the demo app was only told that you did not want to.
demo-no-role-title = { $who } has no role here
demo-no-role = { $app } at { $stage } lets in only people who hold a role there. Give { $who } one, or sign in as somebody else.
demo-other-person = Sign in as somebody else
demo-failed-title = The sign-in came to no good end
demo-failed = The demo app got no tokens. Begin again; if it stays so, this is what the server said:
demo-said = Said
demo-said-why = Because
demo-begin-again = Begin again
demo-unknown-place = Begin again at the app that you wanted to try.

## What came
demo-result-title = What the app was told
demo-result = What { $app } was told
demo-result-lead = { $who } signed in to { $app }
demo-on-this-page = On this page
demo-access-token = Access token
demo-access-token-text = The app sends it to its API with each request. The API checks it by itself and needs to ask nobody.
demo-id-token = ID token
demo-id-token-text = It tells the app who signed in, and when and how. It is for the app alone and is never sent on.
demo-userinfo = Userinfo
demo-userinfo-text = What the server answers when the app asks with the access token who this is.
demo-bytes = { $count ->
    [one] 1 byte
   *[other] { $count } bytes
  }
demo-claim = Claim
demo-value = Value
demo-meaning = What it means
demo-empty-list = none
demo-why = Where it comes from
demo-all-of-them = All of them
demo-gone = Not held any more.
demo-ways-more = { $count ->
    [one] and one more way
   *[other] and { $count } more ways
  }
demo-role = Role
demo-role-of = Role of { $app }
demo-organization-role = Organization role
demo-organization-role-for = Organization role for { $app }
demo-group = Group
demo-member = member { $by }
demo-group-got = given to the group { $by }
demo-given-because = { $by }: { $reason }
demo-json = As JSON
demo-json-and-raw = As JSON, and as sent
demo-header = Header
demo-payload = Payload
demo-raw = The token as sent
demo-copy = Copy
demo-copied = Copied
demo-use = Use it
demo-use-text = Paste this into a terminal while the token lives: it asks who this is. Handle the line like a password.
demo-verify = Check it in your API
demo-verify-text = Your API accepts a token only if all of this is right. The snippets ask for the permission { $permission }.
demo-language = Language
demo-install = Needs
demo-next = And now?
demo-next-text = This was you. Others see what they were given, and nothing else.
demo-invite = Invite a colleague

## What claims mean
claim-iss = Who says so: the address of this server. Accept no other.
claim-sub = Who it is about: an id that never changes and is never given to anybody else.
claim-aud-access = For whom it is meant: the API of this app at this stage. Refuse every token that names another.
claim-aud-id = For whom it is meant: the client that asked.
claim-azp = The client that asked, once more: it must be yourself.
claim-client-id = The client that asked for the token.
claim-name = The name, as the person wrote it.
claim-profile = From the person's profile.
claim-email = The address with which the person signs in.
claim-email-verified = Whether the person has proved that mail to this address reaches them.
claim-org-id = The organization: an id that never changes.
claim-org-name = The name of the organization, to be shown.
claim-app = The key of the app that the token speaks of.
claim-stage = The key of the stage that the token speaks of.
claim-roles = Roles of this app at this stage, by key. Ask for permissions rather than roles.
claim-permissions = What the person may do in this app at this stage, inherited permissions included. This is what your API asks for.
claim-groups = Groups of the person at this stage, by key.
claim-org-roles = Roles of the organization of which something counts for this app at this stage.
claim-scope = What the app asked to be told, and was granted. It says nothing of what the person may do.
claim-iat = When it was issued.
claim-exp = Until when it is good: for some minutes, and never longer than the shortest-lived access that it carries.
claim-exp-id = Until when it is good. The app reads it once, so a few minutes are enough.
claim-auth-time = When the person last proved who they are.
claim-acr = How sure this sign-in is.
claim-amr = How the person proved who they are: pwd is a password.
claim-sid = The session here. When it ends, everything that hangs on it ends.
claim-azid = The authorization on which this token hangs: it can be taken back as a whole.
claim-jti = The number of this token; no other has it.
claim-nonce = What the app sent along when it began: so nobody can slip it the token of another sign-in.
claim-at-hash = Half of the hash of the access token: so the app knows that the two belong together.
claim-updated-at = When the profile was last changed.
claim-ver = The version of this contract between Gatehouse and your app.
claim-other = A claim beyond the contract.

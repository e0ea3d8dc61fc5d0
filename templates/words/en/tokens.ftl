# Tokens: what apps would be told, and how much of it fits.

## The token preview
token-title = What apps would be told
token-link = What apps would be told
token-lead = What an app would be told of { $who } if they signed in at this moment. Nobody is signed in for it, and nothing is signed.
token-choose = Which app asks, and for what
token-client = Client
token-scopes = Scopes that it asks for
token-show = Show the token
token-tools = Tools for many apps
token-no-clients = There is no client to choose: either no app signs people in yet, or you may not see its people. Make a client on the page of an app, or ask for the permission to view end-users there.
token-closed-title = { $who } could not sign in there
token-closed-inactive = { $who } is deactivated. Activate them on their page first.
token-closed-unproved = { $who } has not proved their e-mail address yet: they still have to accept their invitation.
token-closed-suspended = The client is suspended: nobody can sign in to { $place } with it until it is resumed.
token-closed-no-people = This client signs nobody in: the authorization code flow is not registered for it.
token-closed-no-role = { $place } lets in only people who hold a role there, directly or through a group. Give { $who } one.
token-size = Access takes { $bytes } of the { $budget } bytes that the organization allows in one token.
token-life-minutes = { $count ->
    [one] The access token would live for 1 minute.
   *[other] The access token would live for { $count } minutes.
  }
token-life-seconds = { $count ->
    [one] The access token would live for 1 second, because some access ends then.
   *[other] The access token would live for { $count } seconds, because some access ends then.
  }
token-over = This person holds more than fits into one token: { $bytes } bytes, and { $budget } are allowed. Left out: { $lists }. The app has to ask for that at the claims endpoint, or denies it. Give fewer groups and roles, or raise the budget in the settings.
token-overflows = In tokens of { $place } this person has more than fits: { $bytes } bytes, and { $budget } are allowed. Left out: { $lists }.
token-overflows-roles = In tokens of { $place } the roles of this person alone take { $bytes } bytes, and { $budget } are allowed.
token-overflows-tools = tools for many apps
token-overflows-hint = Apps have to ask for what is left out at the claims endpoint, or deny it. Give fewer groups and roles, or raise the budget in the settings.
token-over-roles = The roles alone take { $bytes } bytes, and { $budget } are allowed. Roles are never left out, so servers may refuse this token. Give fewer roles, or raise the budget in the settings.
token-made-at-issue = made at the sign-in
token-hidden-members = Access of members is not shown to you.
token-hidden-end-users = Shown as far as you may see end-users.

## Claims
claim-scoped-permissions = What the person may do on the platform, by where it counts: everywhere, at some stages, for some apps.
claim-names = What did not fit into the token, by name, and which source has it.
claim-sources = Where what did not fit can be asked for, with this very access token.

## Settings
settings-budget = Room for access in one token
settings-budget-hint = In bytes; 4096 suits nearly everybody. Tokens travel in headers, and many servers refuse headers of more than 8 KB. Past this, groups are left out first, then permissions, never roles: apps have to ask for the rest.
settings-budget-bad = Please give a number of bytes from { $least } to { $most }.

# Apps: the list, one app with its stages, and what it owns at a stage: permissions, roles and clients.

## What was done
done-app-created = The app is here. Go on with one of its stages.
done-app-deployed = Deployed.
done-app-removed = Removed.
done-client-created = The client is here. Its configuration stands below, ready to be copied.
done-client-suspended = Suspended. Its tokens do not work any more.
done-client-resumed = Resumed. People can sign in through it again.
done-secret-ended = The secret does not work any more.

## What is wrong with a text
text-empty = Fill this in.
text-too-long = { $most ->
    [one] Use 1 character at most.
   *[other] Use { $most } characters at most.
  }
text-control = This contains characters that cannot be seen or turn the direction of the text. Type it anew without them.
text-key = Use 1 to 50 of the characters a-z, 0-9, _ and -.
text-verb = Use 1 to 80 of the characters a-z, 0-9, _ and -, without a dot or colon.
key-needed = No key can be made from this name. Choose one of the characters a-z, 0-9, _ and -.

## The list
app = App
app-key = Key
app-stage = Stage
app-description = Description
app-deployed-to = Deployed to
app-none = None
app-optional = (optional)
apps-count = { $count ->
    [one] 1 app
   *[other] { $count } apps
  }
apps-empty = No app yet
apps-empty-hint = Add the first app that your people sign in to: a name is enough to begin.
apps-empty-ask = There is no app that you may see. An Administrator can add one, or let you see more.
app-empty-ask = Somebody who manages this app can add the first one.
app-remove = Remove
app-remove-named = Remove { $name }

## A new app
app-new = New app
app-new-lead = An app is what people sign in to. It can be at several stages, with its own settings, roles and clients at each.
app-name-hint = What people read when they sign in.
app-key-hint = What tokens carry; it never changes. Left empty, it is made from the name.
app-key-fixed = Tokens carry it, so it never changes.
app-stages = Deploy to
app-stages-hint = You can deploy it to other stages later.
app-template = First roles
app-template-standard = Viewer, editor and administrator
app-template-standard-is = With the permissions read, write and manage: manage brings write, and write brings read.
app-template-none = None
app-template-none-is = You add permissions and roles yourself.
app-create = Add app
app-exists = There is an app with the key { $key } already. Choose another key, or go back to the list to find it.

## One app
app-edit = Edit app
app-save = Save
app-no-stage = There is no stage of this app that you may see.
app-purpose-development = Where it is built
app-purpose-non-production = Where it is tried
app-purpose-production = Where it is used
app-is-deployed = Deployed
app-not-deployed = Not deployed
app-deploy-to = Deploy to { $stage }
app-open = Open
app-open-stage = Open { $stage }
app-try-it = Try it
app-try-it-at = Try it at { $stage }
app-permissions-count = { $count ->
    [one] 1 permission
   *[other] { $count } permissions
  }
app-roles-count = { $count ->
    [one] 1 role
   *[other] { $count } roles
  }
app-clients-count = { $count ->
    [one] 1 client
   *[other] { $count } clients
  }

## An app at a stage
app-tabs = Parts of this app
app-tab-settings = Settings
app-tab-permissions = Permissions
app-tab-roles = Roles
app-tab-clients = Clients
app-settings = Settings
app-edit-settings = Edit settings
app-deploy = Deploy
app-deploy-lead = People at this stage can sign in to the app once it has a client, and they a role.
app-deployed-already = The app is deployed to this stage already. Load the page again to see its settings.
app-home-page = Home page
app-home-page-hint = Where people go from their list of apps, such as https://sales.example.org/.
app-home-page-bad = Enter an address that begins with https:// or http://, of 2,000 characters at most.
app-sign-in = Who may sign in
app-sign-in-assigned = People with a role here
app-sign-in-assigned-is = Whoever holds a role of this app at this stage, directly or through a group.
app-sign-in-everyone = Everyone
app-sign-in-everyone-is = Every active user, with or without a role.
app-sign-in-choose = Choose who may sign in.
app-resource = Resource identifier
app-resource-hint = What access tokens name as their audience. It belongs to this app and stage for ever.
app-resource-taken = The resource identifier { $resource } belongs to another app or stage.
app-discovery = Discovery document
app-listed-roles = Shared roles of other apps
app-missing = Before people can sign in
app-missing-role = There is no role that anybody could hold.
app-missing-client = There is no client with which the app could ask.
app-missing-home-page = Nobody finds the app in their list without a home page.
app-see-to-it = See to it
app-see-to = See to it: { $what }

## Permissions
permission = Permission
permission-implies = Brings
permission-in-roles = In roles
permissions-empty = No permission yet
permissions-empty-hint = A permission is one thing that the app lets people do, such as read or approve. Roles are made of them.
permission-new = Add permission
permission-edit = Edit permission
permission-add = Add
permission-verb = Verb
permission-verb-hint = What tokens carry and the app asks for, such as read or approve. It never changes.
permission-verb-fixed = Tokens carry it and the app asks for it, so it never changes.
permission-description-hint = What it lets people do, for those who put roles together.
permission-implies-hint = Whoever has this permission has these, too.
permission-brings = brings { $verbs }
permission-exists = There is a permission { $verb } already.
permission-unknown = { $verb } is not there any more. Load the page again.
permission-remove = Remove permission?
permission-remove-what = { $verb } goes from { $app } at { $stage }.
permission-remove-people = { $count ->
    [0] Nobody has it now.
    [one] One person has it now, directly or through a group, and loses it.
   *[other] { $count } people have it now, directly or through a group, and lose it.
  }
permission-remove-roles = { $count ->
    [one] One role holds it, and goes on without it: { $names }.
   *[other] { $count } roles hold it, and go on without it: { $names }.
  }
permission-remove-implied = { $count ->
    [one] One permission brings it, and will not any more: { $names }.
   *[other] { $count } permissions bring it, and will not any more: { $names }.
  }
permission-remove-tokens = It is missing from the next token that the app gets. An app that still asks for it will refuse people.

## Roles
role = Role
role-counts = Where it counts
role-is-shared = Shared
role-is-own = This app
roles-empty = No role yet
roles-empty-hint = A role is a set of permissions with a name. People and groups hold roles, never single permissions.
role-new = Add role
role-edit = Edit role
role-add = Add
role-name-hint = What people read when they give access.
role-key-hint = What tokens carry; it never changes. Left empty, it is made from the name.
role-permissions-hint = What people with this role may do.
role-permissions-none = The app has no permissions yet: add them first, or leave the role empty for now.
role-shared = Other apps of this stage may count it
role-shared-is = An app that lists it lets people with this role in, and sees it in their tokens.
role-exists = There is a role with the key { $key } already.
role-remove = Remove role?
role-remove-what = The role { $role } goes from { $app } at { $stage }.
role-remove-people = { $count ->
    [0] Nobody holds it now.
    [one] One person loses it.
   *[other] { $count } people lose it.
  }
role-remove-direct = { $count ->
    [one] One person holds it directly.
   *[other] { $count } people hold it directly.
  }
role-remove-groups = { $groups ->
    [one] One group holds it; people in it: { $people }.
   *[other] { $groups } groups hold it; people in them: { $people }.
  }
role-remove-listed = { $count ->
    [one] Another app counts it, and will not any more: { $names }.
   *[other] { $count } other apps count it, and will not any more: { $names }.
  }
role-remove-invitations = { $count ->
    [one] An open invitation offers it, and loses this offer; if it offers nothing else, it is taken back.
   *[other] { $count } open invitations offer it, and lose this offer; those that offer nothing else are taken back.
  }
role-remove-tokens = It is missing from the next token that the app gets. Whoever holds no other role here cannot sign in to the app any more, unless everyone may.

## Clients
client = Client
client-kind = Kind of app
client-kind-web = Web app on a server
client-kind-web-is = Keeps a secret where nobody sees it.
client-kind-spa = Single-page app
client-kind-spa-is = Runs in the browser, so it has no secret.
client-kind-native = App on a device
client-kind-native-is = Mobile, desktop or command line, without a secret. It may come back to a private scheme, or to this machine at any port.
client-kind-choose = Choose what kind of app it is.
client-live = Works
client-suspended = Suspended
clients-empty = No client yet
clients-empty-hint = A client is how the app speaks to this server: an identifier, the addresses that people come back to, and for apps on servers a secret.
client-new = Add client
client-new-lead = The app introduces itself with this when people sign in. PKCE is always on: a code is worth nothing to whoever only finds it.
client-create = Add client
client-edit = Edit client
client-name-hint = What people read where they are asked for consent or sign out.
client-id = Client ID
client-id-hint = It never changes. Left empty, it is made from app, stage and name: { $suggestion }
client-id-bad = Use 3 to 100 of the characters A-Z, a-z, 0-9, dot, _ and -.
client-exists = There is a client { $id } already. Choose another client ID.
client-redirect-uris = Redirect URIs
client-redirect-uris-hint = Where people come back to after signing in: one on each line, compared letter by letter.
client-post-logout-uris = Redirect URIs after signing out
client-post-logout-uris-hint = Where people may go after signing out: one on each line.
client-redirect-needed = Enter at least one redirect URI.
client-uris-too-many = Enter 50 URIs at most, of 2,000 characters at most each.
client-uri-wildcard = { $uri } has a wildcard. List each address by itself.
client-uri-fragment = { $uri } has a fragment (#), which browsers do not send. Leave it out.
client-uri-http = { $uri } is not encrypted. Use https; http is only for localhost and 127.0.0.1.
client-uri-native = { $uri } is no address to come back to. Use https, http on 127.0.0.1, or a private scheme with a dot such as com.example.app:/callback.
client-uri-other = { $uri } is no address to come back to. Use one that begins with https://.
client-pkce = PKCE
client-pkce-on = Always on
client-pkce-off = Not demanded
client-scopes = May ask for
client-snippets = Configuration
client-snippets-lead = Ready to be copied: everything is filled in but the secret.
client-snippet-env = Environment variables
client-snippet-discovery = Discovery document, for any other library
client-secret-placeholder = put-the-secret-here
client-copy = Copy
client-copied = Copied
client-secrets = Secrets
client-secrets-lead = Two may work at once: make a new one, give it to the app, then end the old one. Ending works at once; whatever still uses that secret gets no tokens any more.
client-new-secret = New secret
client-secret-made = Made
client-secret-until = Until
client-secret-over = Ended
client-end-secret = End now
client-end-secret-of = End now: the secret made { $made }
client-secrets-two = Two secrets work already. End the one that is not used any more first.
client-secret-last = This is the only secret that works. Make a new one first, and give it to the app.
client-secret-beyond = A new secret would work for longer than you may do what this client may. Somebody who may do as much for longer can make it.
client-secret-title = Keep this secret now
client-secret-once = It is shown this once. We keep only a hash of it, so nobody can look it up later; if it is lost, make a new one.
client-secret = Client secret
client-secret-kept = I have kept it
client-people = { $count ->
    [0] Nobody is signed in through it now.
    [one] At most one person is signed in through it now.
   *[other] Up to { $count } people are signed in through it now.
  }
client-suspend = Suspend
client-suspend-follows = Suspending ends their tokens at once and lets nobody in. What is ended does not come back: after resuming, people sign in again.
client-suspended-since = Suspended since { $since }: nobody can sign in through it.
client-resume = Resume
client-resume-follows = After resuming people can sign in through it again, with the same secrets.
client-remove-button = Remove client
client-remove = Remove client?
client-remove-what = The client { $client } goes from { $app } at { $stage }.
client-remove-people = { $count ->
    [0] Nobody is signed in through it now.
    [one] At most one person is signed in through it; their tokens stop working at once.
   *[other] Up to { $count } people are signed in through it; their tokens stop working at once.
  }
client-remove-secrets = Its secrets, and what people have consented to, go with it.
client-remove-id = An app that still uses it cannot sign anybody in. If it may be needed again, suspend it instead.

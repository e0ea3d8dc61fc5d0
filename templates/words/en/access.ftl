# Who may do what, and why: the access page of a person, and who holds what.

app-tab-people = People
error-exports-title = Too many exports
error-exports = Several exports are running just now. Please try again in half a minute.

## One person
why-link = What can they do, and why?
why-title = Access, and why
why-place = App and stage
why-show = Show
why-may-sign-in = May sign in here.
why-may-not-sign-in = Cannot sign in here.
why-standing-invited = Nothing counts yet: this person was invited and has not joined.
why-standing-registering = Nothing counts yet: the registration is not finished.
why-standing-inactive = Nothing counts now: this person is deactivated.
why-standing-not-proved = Nothing counts yet: the e-mail address was never proved.
why-standing-suspended = Nothing counts now: this API client is suspended.
why-roles-none = No role counts here.
why-permissions-none = Nothing may be done here.
why-find-role = Find a role
why-find-permission = Find a permission
why-through = Through
why-more = { $count ->
    [one] and 1 more way
   *[other] and { $count } more ways
  }
why-button = Why?
why-named = Why { $what }?
why-idle = There, but not counting here now
why-not = Why not …?
why-ask = A permission or a role that is missing
why-ask-button = Ask

## The answer
why-yes = Yes
why-no = No
why-close = Close
why-held = Why { $who } has { $what }: { $place }
why-missing = Why { $who } does not have { $what }: { $place }
why-unknown = There is no permission or role { $what }: { $place }
why-hidden-title = { $what }: { $place }
why-hidden = You may not see this part of what people hold. Ask an Administrator if you need it.
why-near = Did you mean
why-retired = This permission no longer exists. Roles that name it give nothing by it.
why-ways = { $count ->
    [one] By one way
   *[other] By { $count } ways
  }
why-would = These grants do not give it here now
why-remove = { $count ->
    [one] To take it away, remove this one
   *[other] To take it away, remove all of these
  }
why-remove-membership = The membership in the group { $group }
why-remove-organization-role = The role { $role } for the whole organization
why-remove-role = The role { $role } ({ $app })
why-roles = Roles that would give it here
why-no-roles = No role gives it here.
why-offer-organization = given for the whole organization
why-offer-organization-or-app = given for the whole organization, or for this app

## Ways
why-group = Group
why-role = Role
why-role-of = Role of { $app }
why-organization-role = Organization role
why-organization-role-at = Organization role for { $app }
why-permission = Permission
why-member = member since { $date }, by { $who }
why-member-because = member since { $date }, by { $who }: { $reason }
why-given = given by { $who }, { $date }
why-given-because = given by { $who }, { $date }: { $reason }
why-group-given = given to the group by { $who }, { $date }
why-group-given-because = given to the group by { $who }, { $date }: { $reason }
why-own = comes with the role
why-own-at = comes with the role, at these stages: { $stages }
why-own-everywhere = comes with the role, at every stage
why-implied = comes with the permission before, at the same stage
why-implied-at = comes with the permission before, at these stages: { $stages }
why-implied-everywhere = comes with the permission before, at every stage
why-development = development stages
why-non-production = non-production stages
why-production = production stages
why-idle-standing = would count otherwise
why-idle-not-started = begins on { $date }
why-idle-ended = ended on { $date }
why-idle-not-member-yet = membership begins on { $date }
why-idle-member-no-more = membership ended on { $date }
why-idle-other-stages = limited to { $stages }
why-idle-other-app = given for { $app } only
why-idle-not-at-apps = has no effect when given for one app
why-idle-retired = no longer exists: { $keys }

## Who holds what
who-holds = Who has it?
who-holds-named = Who has it? { $what }
who-role = Role
who-any-role = Any role
who-where = App
who-through-group = Through group
who-from = From
who-given-by = Given by
who-given-on = Given on
who-reason = Reason
who-everyone = Everybody who is active may sign in here, also without a role.
who-everyone-seen = Everybody who is active may sign in here, also without a role. Below are those whom you may see.
who-open = Everybody may sign in
who-hidden-roles = Roles of other apps count here too. People who hold only those are not shown: you may not see them.
who-hidden-ways = Roles of other apps count here too. You may not see who holds them.
who-nobody = Nobody holds a role here
who-nobody-hint = Give somebody a role: open a person and choose “Give access”, or give a role to a group.
who-nobody-no-roles = There is no role yet that would let anybody in. Add one under Roles.
who-members = { $count ->
    [one] 1 member
   *[other] { $count } members
  }
who-more = { $count ->
    [one] And 1 more: the export has all of them.
   *[other] And { $count } more: the export has all of them.
  }
who-clients = API clients
who-suspended = Suspended
who-listed = Counts in these apps, too
who-permission-title = Who has a permission?
who-permission-lead = { $permission }: { $place }
who-permission-ask = Which permission?
who-permission-ask-hint = Type a permission above. For a permission of an app choose the app and the stage as well.
who-verb-needs-place = This is a permission of an app: choose the app and the stage, too.
who-half-place = Choose both an app and a stage, or neither.
who-not-there = The app is not deployed to this stage.
who-no-permission = There is no such permission here.
who-no-permission-near = There is no such permission here. Did you mean { $near }?
who-nobody-has = Nobody has it here
who-nobody-has-hint = Choose another place, or see on the access page of a person which roles would give it.
who-app = App
who-stage = Stage
who-whole-organization = Whole organization
who-every-stage = Every stage
who-role-title = Who holds { $role }?
who-role-lead = { $key }: { $place }
who-organization-role = organization role
who-role-nobody = Nobody holds this role
who-role-nobody-hint = It can be given on the page of a person, or to a group.

## API clients
api-clients-lead = Clients that belong to no app: API clients act for themselves, and tools for many apps sign people in for all of them.
api-clients-empty = No API client yet
api-clients-empty-hint = An API client is a program that acts for itself, with the organization roles it was given. The command “gatehouse apply” makes it from a file.
api-client-kind = Kind
filter-kind-all = Any kind
api-client-roles = Roles
api-client-secret-ends = Next secret ends
api-client-tool = Tool for many apps
api-client-access = What can it do, and why?
api-client-no-roles = None: this client may do nothing by itself.
api-client-revoke-follows = The permissions of this role count no more from the next request on. Tokens that it has already stay valid until they end.
api-client-secrets-lead = Two may work at once: make a new one, give it to the program, then end the old one. Ending works at once; whatever still uses that secret gets no tokens any more.
api-client-suspended-since = Suspended since { $since }: it gets no tokens, and none of its roles counts.
api-client-suspend-follows = Suspending ends every token of it at once, and it gets no new ones. Its roles and its secrets stay, and count again once it is resumed.
api-client-resume-follows = After resuming it gets tokens again, with the same secrets and the roles that it holds.
api-client-remove-what = The client { $client } goes for good, with its secrets.
api-client-remove-roles = { $count ->
    [0] It holds no role.
    [one] The role that it holds goes with it.
   *[other] The { $count } roles that it holds go with it.
  }
api-client-remove-id = A program that still uses it gets no tokens any more. If it may be needed again, suspend it instead.
done-api-client-resumed = Resumed. It gets tokens again.

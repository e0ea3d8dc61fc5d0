# People: the list of users, and the page of one.

## The list
users-count = { $count ->
    [one] 1 person
   *[other] { $count } people
  }
users-very-many = 10,000+ people
users-empty = Nobody is here yet
users-empty-hint = Invite people: they get a mail, and choose a password themselves.
invite-people = Invite people
person = Person
access = Access
last-sign-in = Last sign-in
last-sign-in-there = Last sign-in there
signed-in-there = there: { $when }
never-signed-in-there = there: never
access-none = No access
access-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
  }
access-role-app = { $role } for { $app }
access-app-role = { $app }: { $role } ({ $stage })
access-group = Group { $group }
status-active = Active
status-invited = Invited
status-pending = Registering
status-inactive = Deactivated
filter-access = Access
filter-access-all = Any access
filter-members = With organization roles
filter-end-users = With app roles
filter-nothing = Without access
filter-status = Status
filter-status-all = Any status
filter-stage = Stage
filter-stage-all = Any stage
filter-app = App
filter-app-all = Any app
filter-domain-all = Any e-mail domain
filter-domain-internal = Internal addresses
filter-domain-external = External addresses
sort-name = By name
sort-status = By status
filter-seen = Last sign-in
filter-seen-all = Any last sign-in
filter-seen-never = Never signed in
filter-seen-month = Not for 30 days
filter-seen-quarter = Not for 90 days
sort-last-sign-in = By last sign-in
sort-longest-ago = Last sign-in, never first
sort-newest = Newest first
sort-oldest = Oldest first
sort-ends = What ends first

## One person
user-since = here since { $since }
user-since-seen = here since { $since }, last seen { $seen }
user-inactive = This person is deactivated: no sign-in, no session, no token works. What they hold is kept, and counts again once they are activated.
user-facts = About this person
user-username = Username
email-domain = E-mail domain
internal = internal
external = external
user-proved = E-mail address proved
user-not-proved = Not yet
user-terms = Terms accepted
user-terms-accepted = { $version }, { $date }
user-edit = Edit
user-edit-title = Edit the profile
user-edit-who = The profile of { $who } ({ $email }).
user-edit-lead = Apps get to know of this only what they ask for and may know. The person can change it too.
profile-overtaken = Somebody changed this profile meanwhile: the person is called { $name } now. What you typed is still here; saving again replaces theirs.
profile-nickname-of-other = What friends call them
profile-language-browser-of-other = As their browser asks
give-access = Give access
organization-roles = Organization roles
no-organization-roles = None: this person does not build or run things here.
app-roles = App roles
no-app-roles = None: this person cannot open any app that asks for a role.
groups = Groups
no-groups = In no group.
given = Given
granted-by = by { $who }, { $date }
until-when = Until
starts-on = from { $date }
through-group = through { $group }
take-away = Take away
see-all-organization-roles = See all { $count } organization roles
see-all-app-roles = See all { $count } app roles
see-all-groups = See all { $count } groups
sessions = Sessions
no-sessions = Signed in nowhere.
end-session = Sign out
end-session-follows = Signing out ends the session in every app that was opened from it, and its tokens. Access for when nobody is there (offline access) stays.
sessions-newest = Only the { $count } sessions that were used last stand here. There may be more: signing out everywhere ends them, too.
end-all-sessions = Sign out everywhere
signed-in-at = Signed in at
device = Device
last-use = Last use
standing = Standing
deactivate = Deactivate
deactivate-follows = Deactivating ends every session and token of this person at once, and takes back the invitations they sent. Nothing they hold is lost: activating brings it back.
deactivate-self = This is you: you would be signed out now.
activate = Activate
activate-follows = Activating lets this person sign in again, with everything they still hold.
last-administrator = This is the last Administrator. Make somebody else Administrator first, without an end date.
stronger-person = This person may do more than you. Only somebody who may do as much can do this.
stronger-client = This client may do more than you. Only somebody who may do as much can do this.
revoke-title = Take away?
revoke-what = { $who } loses { $what } ({ $where }).
revoke-role-follows = The permissions of this role count no more from the next request on. Sessions go on.
revoke-app-role-follows = The role is gone from the next token of the app. Whoever holds no other role of the app cannot sign in to it any more.
revoke-group-follows = { $count ->
    [one] One role comes with this group, and goes with it.
   *[other] { $count } roles come with this group, and go with it.
  }

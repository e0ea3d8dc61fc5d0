# The portal: its frame, what every list and form there shares, and the overview.

## Dates
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
date-day = { $day } { $month } { $year }
date-minute = { $day } { $month } { $year }, { $time } UTC
ago-now = just now
ago-minutes = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
  }
ago-hours = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
  }
ago-days = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
  }
ends-in-hours = { $count ->
    [one] ends in 1 hour
   *[other] ends in { $count } hours
  }
ends-in-days = { $count ->
    [one] ends in 1 day
   *[other] ends in { $count } days
  }
ends-on = ends on { $date }
ended-on = ended on { $date }

## The frame
skip = Skip to the content
portal-menu = Portal
portal-menu-open = Menu
portal-overview = Overview
portal-users = Users
portal-groups = Groups
portal-invitations = Invitations
portal-apps = Apps
portal-stages = Stages
portal-settings = Settings
portal-mailbox = Mailbox
portal-account = Your account
portal-sign-out = Sign out
portal-search-users = Search users
proof-title = Is it still you?
proof-why = This is not easily undone, and you signed in more than 15 minutes ago. Nothing has changed yet: please type your password, and it will be done.
proof-go-on = Confirm and go on
denied-title = You may not see this
denied = Only an Administrator may see this page. Ask one if you need it.
denied-permission = This needs the permission { $permission }. Ask an Administrator if you should have it.

## Lists and forms
search = Search
search-list = Search this list
search-button = Search
search-clear = Show all
nothing-found = Nothing found
nothing-found-hint = Try fewer letters, or another filter.
pages = Pages
pages-first = First page
pages-previous = Previous
pages-next = Next
export = Export CSV
sort = Order
actions = Actions
name = Name
status = Status
when = When
where = Where
what = What
never = Never
at-organization = Whole organization

## What was done
done-saved = Saved.
done-deactivated = Deactivated. Every session and token of this person has ended.
done-activated = Activated. This person can sign in again.
done-signed-out = Signed out.
done-revoked = Taken away. It is gone from the next token.

## The overview
overview-very-many = 10,000+
overview-people = { $count ->
    [one] active person
   *[other] active people
  }
overview-invitations = { $count ->
    [one] open invitation
   *[other] open invitations
  }
overview-apps = { $count ->
    [one] app
   *[other] apps
  }
attention-title = Needs attention
attention-nothing = Nothing. Everything is as it should be.
attention-no-apps = There is no app yet that people could sign in to.
attention-add-app = Add an app
attention-mail-failed = { $count ->
    [one] A mail could not be delivered.
   *[other] { $count } mails could not be delivered.
  }
attention-mail-waits = { $count ->
    [one] A mail waits to be delivered.
   *[other] { $count } mails wait to be delivered.
  }
attention-see-mail = See mail settings
attention-mailbox = Mail stays in the built-in mailbox, where only Administrators read it. People outside get nothing.
attention-set-mail = Set up mail
attention-expired = { $count ->
    [one] One invitation was not accepted in time.
   *[other] { $count } invitations were not accepted in time.
  }
attention-see-invitations = See invitations
attention-no-production = No app is deployed to production yet.
attention-see-apps = See apps
sign-ins-title = Last sign-ins
sign-ins-empty = Nobody has signed in yet.
sign-in-result = Result
sign-in-where = Where
sign-in-good = Signed in
sign-in-bad = Failed
network-address = Network address
somebody-unknown = Somebody unknown

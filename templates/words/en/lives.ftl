# What happens to people: access for a time, and the end of an account.

## For how long
starts-until = from { $start } until { $end }
period-title = From when, until when
period-change = Change
period-of-person = { $who }: { $what } ({ $where })
period-of-member = { $what } in { $group } ({ $stage })
period-of-role = { $what } for { $group } ({ $stage })
period-starts = Starts on
period-hint = Days begin at 00:00 UTC. Without a start it counts at once; without an end it stays until somebody takes it away.
period-save = Save
period-end-now = End now
period-end-follows = Ending it now takes effect at once:
period-end-member = The roles of the group are missing from their next token.
period-end-role = Every member loses it from the next token on, unless they have it in another way.
period-end-stays = It stays in the list as ended, and a later end makes it count again.
period-order = The end must come after the start. Please choose a later end, or an earlier start.
period-past = This day is over. Please choose a later one, or leave it empty for no end.
period-beyond = This role gives more, or for longer, than you hold yourself. Somebody who holds as much can do this.
person-shut-out = This person is deactivated: what they hold counts for nothing. Please activate them first.
done-period-changed = Changed. It counts from the next token on.

## Giving access
give-wrong = Nothing was given. Please look at what is marked.
give-differ = Nothing was given yet: this is held already, for another time.
give-change = Change these to the time below
give-terms = From when, until when, and why
give-reason-hint = Whoever looks at the access later reads it.
given-new = given
given-had = was there already
given-changed = was there already, and has the new time now
given-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
  }
given-group = Group { $group } ({ $stage })

## What ends soon
endings-title = Access that ends within 14 days
endings-who = Person or group
endings-group = Group { $group }
endings-empty = Nothing that you may see ends soon.
endings-more = More access ends within 14 days. These ends are the nearest.

## Deleting a person
delete-more = Delete …
delete-title = Delete this person?
delete-what = { $who } ({ $email }) is deleted for good.
delete-self = This is you: you would be signed out now.
delete-goes = This goes, at once:
delete-account = The account: name, address, password and everything in the profile
delete-sessions = { $count ->
    [one] 1 session
   *[other] { $count } sessions
  }
delete-apps = { $count ->
    [one] The tokens of 1 app
   *[other] The tokens of { $count } apps
  }
delete-organization-roles = { $count ->
    [one] 1 organization role
   *[other] { $count } organization roles
  }
delete-app-roles = { $count ->
    [one] 1 app role
   *[other] { $count } app roles
  }
delete-groups = { $count ->
    [one] 1 membership in a group
   *[other] { $count } memberships in groups
  }
delete-invitations = { $count ->
    [one] What they offered in 1 open invitation
   *[other] What they offered in { $count } open invitations
  }
delete-stays = This is kept:
delete-stays-given = What they gave others stays in force, and keeps naming them
delete-stays-audit = The audit trail keeps what they did and what was done to them
delete-instead = Deleting cannot be undone. Deactivating shuts somebody out just as well, and can be.
delete-erase = Also erase what the audit trail holds about this person
delete-erase-hint = Names, addresses and details of everything they did, of everything done to them, and of every entry that mentions them. That something happened, and when, stays. This cannot be undone.
delete-email = Their e-mail address
delete-email-hint = Please type it, so that nobody is deleted by mistake.
delete-email-differs = This is not their address. Please type it as it stands above.
delete-user = Delete for good
done-user-deleted = Deleted. No session and no token of this person works any more.
done-user-erased = Deleted, and erased from the audit trail.

## Groups
done-members-removed = Removed. The roles of the group are gone from the next token.
group-tick = Choose { $who }
group-ticks = Choose
group-remove-ticked = Remove those chosen
group-remove-members = { $count ->
    [one] One member leaves { $group } ({ $stage }).
   *[other] { $count } members leave { $group } ({ $stage }).
  }
group-role-none = Please choose one role at least.
group-join-shut-out = is deactivated. Please activate them first.
group-join-more = { $count ->
    [one] and 1 more
   *[other] and { $count } more
  }
group-join-invite = Invite those who are not known here

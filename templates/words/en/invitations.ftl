# Invitations in the portal: the list, one of them, and the form that sends them.

## The list
invitations-count = { $count ->
    [one] 1 invitation
   *[other] { $count } invitations
  }
invitations-very-many = 10,000+ invitations
invitations-empty = No invitations
invitation-state = State
invitation-state-any = Any state
invitation-state-pending = Pending
invitation-state-accepted = Accepted
invitation-state-declined = Declined
invitation-state-expired = Expired
invitation-state-revoked = Revoked
invitation-offered = What it offers
invitation-offers-nothing = Nothing any more
invitation-offer = { $what } ({ $where })
invitation-sent = Sent
invitation-sent-by = by { $who }

## One of them
invitation-facts = The invitation
invitation-by = Invited by
invitation-first-sent = First sent
invitation-language = Language of the mail
invitation-until = Good until
invitation-expired-on = Expired
invitation-ended = Ended
invitation-person = See the person
invitation-offered-by = Offered
invitation-decide = Send again or revoke
invitation-resend = Send again
invitation-resend-follows = Sends a new mail with a new link and a new code, good for { $count ->
    [one] one day
   *[other] { $count } days
  }. The link and the code of the old mail stop working.
invitation-revoke = Revoke the invitation
invitation-revoke-follows = Revoking ends the invitation at once: its link and its code stop working. The person stays in the list of users.
invitation-revoke-follows-person = Revoking ends the invitation at once: its link and its code stop working. This person was never here, so they vanish from the list of users, and this invitation with them.
invitation-may-not-decide = It offers something that you may not give yourself, so others decide over it.
invitation-not-open = This invitation has ended meanwhile, so nothing was changed.
invitation-sent-meanwhile = It was sent again since you opened this page, so nothing was sent now. Once more? Then use the button below.
done-invitation-resent = Sent again. The old link and code no longer work.
done-invitation-revoked = Revoked. Its link and its code no longer work.
done-invitation-gone = That invitation is gone already.

## The form
invite-bare-title = Nothing to give yet
invite-bare = There is no role or group that you may give. Once an app has roles, you find them here.
invite-wrong = Nothing was sent. Please look at what is marked.
invite-who = Who
invite-addresses = E-mail addresses
invite-addresses-hint = One per line, { $most } at most. Each gets an invitation of their own.
invite-language = Language of the mail
invite-app-roles-hint = Who may use which app, and as what
invite-find-app = Find an app
invite-groups-hint = Whoever is in a group has the roles of the group
invite-roles-hint = For those who build and run things here
invite-role-app = These roles count for
invite-chosen = { $count ->
    [one] 1 chosen
   *[other] { $count } chosen
  }
invite-starts-hint = From this day on, at 00:00 UTC, everything given here counts. Without a date it counts at once, or as soon as the invitation is accepted.
invite-until = Ends on
invite-until-hint = On this day, at 00:00 UTC, everything given here ends by itself. Without a date it stays until somebody takes it away.
invite-other-ends = Another end for some of it
invite-reason = Reason
invite-reason-hint = Whoever looks at the access later reads it. It does not stand in the mail.
invite-optional = optional
invite-preview = Preview
invite-address-missing = Please type one address at least.
invite-address-bad = Line { $line }, “{ $text }”, is no e-mail address.
invite-address-long = Line { $line }, “{ $text }”, is too long: an address has at most { $more } characters.
invite-address-twice = Line { $line }, “{ $text }”, is the same address as line { $more }.
invite-too-many-addresses = These are more than { $most } addresses. Please send the rest in a second form.
invite-language-bad = Mails are not written in this language. Please choose one of the list.
invite-until-bad = This is no date. Please write it like 2030-12-31.
invite-until-past = This day has begun already. Please choose a later one.
invite-reason-long = The reason can have at most { $most } characters.
invite-reason-strange = The reason has characters that cannot be shown. Please type it again.
invite-gone = Something that you chose is not there any more. Please look again at what is ticked.
invite-may-not = You may not give all of this: it needs the permission { $permission }.
invite-beyond = One of the roles gives more than you hold yourself. Somebody who holds as much, and for as long, can give it.
invite-only-administrators = Only an Administrator can give the role Administrator.
invite-nothing = Please choose one role or group at least.
invite-too-much = These are more than 100 roles and groups. Please give fewer of them, or a group that has them.
invite-too-much-for = With what { $email } was offered before, these are more than 100 roles and groups.
invite-inactive = { $email } is deactivated. Activate this person first, or leave out the address.

## The preview
invite-preview-title = Preview
invite-preview-lead = Nothing has been sent yet.
invite-people-count = { $count ->
    [one] 1 address
   *[other] { $count } addresses
  }
invite-would-invite = Gets a mail
invite-would-add = Was invited already: gets a new mail with this added
invite-would-give = Is here already: gets it at once, and a mail says so
invite-everybody-gets = What everybody gets
invite-letter-new = The invitation as it will look
invite-letter-here = The mail to those who are here already
invite-subject = Subject
invite-stand-in = …
invite-send = { $count ->
    [one] Send
   *[other] Send to { $count } addresses
  }
invite-change = Change something

## What happened
invite-sent-title = Done
invite-sent = A mail is on its way.
invite-added = Was invited already. This was added, and a mail with a new link is on its way; the old link no longer works.
invite-here = Is here already.
invite-here-given = { $count ->
    [one] One role or group was given at once, and a mail says so.
   *[other] { $count } roles and groups were given at once, and a mail says so.
  }
invite-here-had = { $count ->
    [one] One was there before.
   *[other] { $count } were there before.
  }
invite-here-differs = { $count ->
    [one] One was there for another time, which stays.
   *[other] { $count } were there for other times, which stay.
  }
invite-see-all = See all invitations
invite-more = Invite more people
invite-told = What apps would be told
invite-told-lead = About somebody who gets this and nothing else: what stands in their token.
invite-told-lead-from = About somebody who gets this and nothing else: what stands in their token from { $date } on.
invite-told-where = App and stage
invite-told-what = Claims
invite-access-preview = Who gains what?

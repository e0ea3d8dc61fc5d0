# What a change would do, before it is made.

preview = Preview
preview-title = What this would do
preview-nothing-done = Nothing has been changed yet.
preview-do = Do it
preview-back = Back to the form
preview-gain = { $count ->
    [one] 1 person gains access.
   *[other] { $count } people gain access.
  }
preview-lose = { $count ->
    [one] 1 person loses access.
   *[other] { $count } people lose access.
  }
preview-later = { $count ->
    [one] For 1 person something changes later.
   *[other] For { $count } people something changes later.
  }
preview-nothing = Nobody’s access changes.
preview-nothing-hint = You can still do it: it may matter to people who come later.
preview-find = Find a person
preview-door-opens = From then on everybody may sign in to { $app } at { $stage }.
preview-door-closes = From then on only people with a role there may sign in to { $app } at { $stage }. Everybody else is turned away the next time.
preview-sessions = { $count ->
    [one] 1 live session loses it with its next token.
   *[other] { $count } live sessions lose it with their next token.
  }
preview-bytes = Access tokens change by { $least } bytes.
preview-bytes-range = Access tokens change by { $least } to { $most } bytes.
preview-hidden = { $count ->
    [one] 1 of them is somebody whom you may not see.
   *[other] { $count } of them are people whom you may not see.
  }
preview-partly = { $count ->
    [one] For 1 person listed here more changes where you may not look.
   *[other] For { $count } people listed here more changes where you may not look.
  }
preview-overflows = { $count ->
    [one] For 1 person this is more than fits into a token: lists would be left out of it, and apps have to ask for them at the claims endpoint or deny.
   *[other] For { $count } people this is more than fits into a token: lists would be left out of it, and apps have to ask for them at the claims endpoint or deny.
  }
preview-unnamed = { $count ->
    [one] 1 more person is counted, but not listed.
   *[other] { $count } more people are counted, but not listed.
  }
preview-stopped = This is not all: the preview stopped in time, after { $compared } of { $concerned } people. The numbers are those of the people compared.
preview-many = This is not all: there are more people than a preview compares. The numbers are those of the first { $compared }.
preview-busy = Many previews run at the moment.
preview-busy-hint = Please try again in a few seconds. Nothing was changed.
preview-again = Try again
preview-where = Where
preview-gains = Gains
preview-loses = Loses
preview-live = Sessions
preview-token = Token, bytes
preview-none = –
preview-organization = Organization
preview-sign-in = may sign in
preview-gets-tokens = gets tokens
preview-group = group { $group }
preview-role = role { $role }
preview-client = API client
preview-from = from { $date }
preview-until = until { $date }
preview-from-until = { $from } to { $until }

# Inviting many people at once by a file.

## The form
many-invite = Invite many
many-title = Invite many at once
many-upload-title = Upload a file
many-upload-lead = Nothing is sent yet. The next page says for every row what would happen, and what is wrong.
many-file = File (CSV)
many-file-hint = 5 MB and { $most } rows at most, separated by commas, semicolons or tabs.
many-paste = Paste the rows instead
many-text = Rows, with the header first
many-check = Check the file
many-check-hint = Sends nothing
many-pasted = Pasted rows
many-one-of-both = Upload a file or paste the rows, but not both.
many-neither = Choose a file or paste the rows.
many-format = What the file looks like
many-sample = Download a sample
many-format-lead = The first row names the columns, in any order. Only email must be there; leave out what you do not need.
many-columns = What belongs into each column
many-column-email = The address.
many-column-name = What the person is called. They can change it when they join.
many-column-organization-role = A role for those who build and run things here. With app, it counts for that app only.
many-column-app = The app of the role.
many-column-stage = The stage of role and group.
many-column-role = A role of the app at the stage.
many-column-group = A group of the stage.
many-column-starts = From when it counts. Empty: at once.
many-column-ends = The day on which it ends. Empty: no end.
many-column-reason = Why, for those who look at access later. The person does not see it.
many-column-locale = The language of the mail: en or de. Empty: yours.
many-format-several = Several roles or groups: separate them with a semicolon in one cell, or use several rows with the same address. Rows with the same address become one invitation. If one of them is wrong, none of them is sent.
many-format-names = Write apps, stages, roles and groups by their key or their name.
many-format-days = Write days like 2027-12-31.
many-format-encoding = Save the file as UTF-8. In Excel: Save as, then CSV UTF-8.

## A file that cannot be read
many-file-empty = There are no rows below the header.
many-file-too-large = This file is larger than 5 MB. Split it and upload the parts one after the other.
many-file-encoding = Row { $row } is not written in UTF-8, so its letters could be misread. Save the file as CSV UTF-8 and upload it again.
many-file-unclosed = In row { $row } a quotation mark opens and is never closed. Close it, or remove it.
many-file-unknown = These columns are not known: { $names }. Rename or remove them. The first row must name the columns.
many-file-twice = The column { $name } stands there twice. Remove one of them.
many-file-no-email = There is no column called email. Name the column with the addresses so.
many-file-too-many = The file has { $count } rows, and { $most } are the most. Split it and upload the parts one after the other.

## The files before
many-files = Files
many-files-hint = Kept for 30 days after they end
many-no-files = No files yet
many-no-files-hint = What you upload shows here, with what became of each row.
many-file-name = File
many-state = State
many-people = People
many-uploaded = Uploaded
many-state-checked = Checked, not sent
many-state-running = Sending
many-state-paused = Paused
many-state-ended = Finished
many-state-cancelled = Ended early
many-progress = { $gone } of { $all } people

## One file
many-about = Uploaded by { $who }, { $when }. Rows: { $count }
many-by-you = you
many-standing = What happens
many-lead-nothing = No row can be sent. Correct the file and upload it again.
many-lead-some = Nothing was sent yet. You can send what is right now; the rest is left out. Or correct the file and upload it again.
many-lead-all = Nothing was sent yet. Every row is right.
many-lead-running = The invitations are being sent. You can close this page: it goes on by itself.
many-lead-held-up = Many letters wait for the mail server. The next invitations follow as soon as some have left.
many-lead-paused = Paused. Nobody else is invited until it goes on.
many-lead-ended = Finished. Every row was tried.
many-lead-cancelled = Ended before every row was sent. Whoever was invited stays invited.
many-again = This page renews itself every few seconds.
many-still = Stop that
many-begin-again = Renew this page by itself
many-start = { $count ->
    [one] Invite one person
   *[other] Invite { $count } people
  }
many-discard = Throw away
many-discard-follows = Throwing the file away removes it, with everything that was read from it. Nobody is invited, and it cannot be brought back.
many-pause = Pause
many-proceed = Go on
many-retry = { $count ->
    [one] Try the failed one again
   *[other] Try the { $count } failed ones again
  }
many-late = This was not possible any more, so nothing was changed. Below you see how it stands now.
many-rows-standing = Rows that
many-standing-refused = cannot be invited
many-standing-failed = failed
many-standing-would = will be invited
many-standing-waiting = still to come
many-standing-done = done
many-row = Row
many-result = Result
many-at = Row { $row }, { $column }
many-no-address = No address
many-outcome-refused = Cannot be invited
many-outcome-failed = Failed
many-would-invite = Will be invited
many-would-add = Was invited before: offers are added
many-would-give = Is here: gets it at once
many-did-sent = Invited
many-did-added = Offers added
many-did-given = Given at once
many-did-unchanged = Had it before
many-cancel-ask = End it …
many-cancel-title = End sending for good?
many-cancel-waiting = { $count ->
    [one] One person is not invited any more.
   *[other] { $count } people are not invited any more.
  }
many-cancel-done = { $count ->
    [0] Nobody was invited so far.
    [one] One person was invited already and stays invited.
   *[other] { $count } people were invited already and stay invited.
  }
many-cancel = End it
many-cancel-not = Back
done-many-started = It goes on in the background.
done-many-paused = Paused.
done-many-cancelled = Ended. Nobody else is invited.
done-many-discarded = The file was thrown away. Nothing was sent.

## What is wrong with a row
many-trouble-surplus = This row has more cells than the header has columns. Put texts with a separator in quotation marks.
many-trouble-email-missing = The address is missing. Add it.
many-trouble-email-bad = “{ $value }” is not an e-mail address. Correct it, like ana@example.org.
many-trouble-email-long = This address is too long. Correct it.
many-trouble-name-long = The name is longer than 100 characters. Shorten it.
many-trouble-name-strange = The name has characters that cannot be seen or that turn the text around. Type it anew.
many-trouble-name-differs = An earlier row calls the same address “{ $value }”. Use one name.
many-trouble-locale-unknown = Mails are not written in “{ $value }”. Use en or de, or leave it empty.
many-trouble-locale-differs = An earlier row has “{ $value }” for the same address. Use one language.
many-trouble-reason-long = The reason is longer than 1,000 characters. Shorten it.
many-trouble-reason-strange = The reason has characters that cannot be seen or that turn the text around. Type it anew.
many-trouble-day-bad = “{ $value }” is not a day. Write it like 2027-12-31.
many-trouble-reversed = The end must come after the start. Change one of them.
many-trouble-over = The end has passed. Choose a later day, or leave it empty.
many-trouble-app-unknown = There is no app “{ $value }” of which you may give roles. Check its key.
many-trouble-app-missing = A role needs its app. Fill in app.
many-trouble-app-idle = There is an app and no role. Fill in role or organization_role, or remove the app “{ $value }”.
many-trouble-stage-unknown = There is no stage “{ $value }” at which you may give something. Check its key.
many-trouble-stage-missing = A role or group needs its stage. Fill in stage.
many-trouble-stage-idle = There is a stage and neither role nor group. Fill one in, or remove the stage “{ $value }”.
many-trouble-role-unknown = The app has no role “{ $value }” that you may give at this stage. Check its key.
many-trouble-role-elsewhere = This role is one of another stage ({ $value }). Change stage or role.
many-trouble-group-unknown = There is no group “{ $value }” that you may give. Check its key.
many-trouble-group-elsewhere = This group is one of another stage ({ $value }). Change stage or group.
many-trouble-organization-role-unknown = There is no organization role “{ $value }” that you may give. Check its key.
many-trouble-several = Several are called “{ $value }”. Use the key.
many-trouble-mixed = One row cannot have both role and organization_role, because the app could belong to either. Use two rows with the same address.
many-trouble-nothing = This row offers nothing. Fill in role, group or organization_role.
many-trouble-too-much = One invitation can offer 100 roles and groups at most. Use a group, or invite with less.
many-trouble-same = Row { $value } offers the same to the same address. Remove one of them.
many-trouble-companion = This row is right, but row { $value } with the same address is not. Correct that one.
many-trouble-may-not = You may not give this. It needs the permission “{ $value }”.
many-trouble-only-administrators = Only an Administrator can offer this role. Remove it, or ask one.
many-trouble-beyond = This role gives more than you hold yourself, or for longer. Remove it, or ask somebody who holds more.
many-trouble-inactive = This person is deactivated. Activate them first, or remove the row.
many-trouble-gone = The role, group or app was removed meanwhile. Upload the row again with another one.
many-trouble-stopped = Whoever started this may not invite anybody any more. Somebody else must upload the rows.
many-trouble-fault = Something went wrong on our side. Try the failed ones again.

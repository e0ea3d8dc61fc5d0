# What Gatehouse says, in English. Short, human, exact: what happened, and what to do next.
# Markup never stands here; the templates add it, and put every name in isolation.

## Everywhere
footer = Guarded by Gatehouse
at-stage = { $app } at { $stage }
group-at-stage = Group at { $stage }
until = until { $date }
no-end = no end date
mail-sent-by = { $organization } sent this mail through Gatehouse.

## Sign in
sign-in-title = Sign in
sign-in-to-app = to continue to { $app }
sign-in-to-organization = to { $organization }
sign-in-button = Sign in
sign-in-wrong = That e-mail and password do not belong together.
sign-in-new-here = New here? Ask your administrator for an invitation.
email = E-mail
password = Password
cancel = Cancel

## Consent
consent-title = Allow access?
consent-lead = { $client } asks to act for you.
consent-lead-app = { $client } asks to act for you in { $app }.
consent-signed-in-as = Signed in as { $person }
consent-it-could = It could then
consent-offline = Do all this while you are away too, until you take it back
consent-loopback-title = Did you start this yourself?
consent-loopback = { $client } runs on your own device, where another program can use its name. Allow it only if you have just started it.
consent-allow = Allow
consent-site = About { $client }
consent-policy = Its privacy policy
consent-tos = Its terms

## Invitations
invitation-title = Join { $organization }
invitation-lead = { $inviter } invites you, with the e-mail address { $email }.
invitation-offers = What you get
invitation-no-offers = No roles yet. They can be given to you once you are here.
invitation-expires = This invitation is good until { $date }.
invitation-you = About you
invitation-name = Your name
invitation-name-hint = As your colleagues know you
invitation-password = Choose a password
invitation-password-hint = At least { $min } characters. A few words in a row are easy to remember and hard to guess.
invitation-accept = Accept and sign in
invitation-decline-summary = I do not want to join
invitation-decline-text = Declining ends this invitation: its link and its code stop working, and { $inviter } sees that you declined. You can be invited again.
invitation-decline = Decline the invitation
invitation-code-title = Enter your invitation code
invitation-code-lead = The code stands in the mail with your invitation. It works together with the address that the mail was sent to.
invitation-code = Code
invitation-code-hint = 6 letters and digits
invitation-code-button = Open the invitation
invitation-code-wrong = That code and e-mail address do not belong to an open invitation. Check both; a new code replaces an older one.
invitation-declined-title = Invitation declined
invitation-declined = You have declined, and the invitation has ended.
invitation-declined-hint = Changed your mind? Ask { $inviter } to invite you again.
invitation-accepted-title = Already accepted
invitation-accepted = This invitation has been accepted, so it cannot be used again.
invitation-accepted-hint = Was it you? Then sign in with your e-mail address. If it was not, tell your administrator.
invitation-expired-title = Invitation expired
invitation-expired = This invitation is no longer good.
invitation-expired-hint = Ask the person who invited you to send it again.
invitation-unknown-title = Invitation not found
invitation-unknown = This link or code leads to no open invitation.
invitation-unknown-hint = Open the link from the newest mail; a new invitation replaces an older one. If that does not help, ask to be invited again.
name-missing = Please tell us your name.
name-too-long = A name can have at most { $most } characters.
name-strange = The name has characters that cannot be shown. Please type it again.
password-too-short = The password needs at least { $min } characters.
password-too-long = The password can have at most 256 characters.
password-strange = The password has characters that not every keyboard gives. Please choose another.
password-personal = The password is built from your name or address. Please choose another.
password-guessable = This password is easy to guess. A few unrelated words make a good one.
welcome-title = Welcome, { $name }
welcome-lead = You have joined { $organization }.
welcome-lead-signed-in = You have joined { $organization } and are signed in.
welcome-apps = Your apps
welcome-no-link = Open it the way your colleagues do
welcome-empty-title = No apps yet
welcome-empty = As soon as somebody gives you access to an app, you get a mail.

## Sign out
logout-title = Sign out?
logout-lead = This signs you out here and in the apps that you opened from here.
logout-lead-client = { $client } asks to sign you out. This also signs you out of the other apps that you opened from here.
logout-nobody = Nobody seems to be signed in here. Signing out does no harm.
logout-button = Sign out
logout-stay = Stay signed in
logout-own-pages = Portal and account
logged-out-title = You are signed out
logged-out = Others use this device too? Then close the browser now.

## When something is wrong
error-parameter = What is wrong
error-request = Request
error-help = If it happens again, tell your administrator the request number.
error-redirect-title = This link cannot be followed
error-redirect = The app asked us to send you to an address that is not registered for it. To keep you safe we stop here.

error-request-title = This request cannot be answered
error-request-text = The app asked for something that we cannot answer. Go back to the app and try again; if it stays so, tell the people who make it.
error-fault-title = Something went wrong
error-fault = It went wrong on our side, not on yours, and nothing was lost. Please try again in a moment.
error-not-found-title = There is nothing here
error-not-found = The address is not one of ours. Look for a typing mistake, or begin at the app that you want to use.
error-stale-title = This page is out of date
error-stale = The form was opened in another window or too long ago. Nothing was changed. Go back, load the page again, and repeat the last step.
error-too-large-title = That is too much
error-too-large = More was sent than this page reads. Nothing was changed.
error-slow-title = That took too long
error-slow = Not everything that was sent was here in time. Nothing was changed. Go back, and send it again.
error-no-attempt-title = Nothing to sign in to
error-no-attempt = This sign-in was begun in another browser, is already complete, or took too long. Open the app again: it brings you back here.
error-busy-title = One moment, please
error-busy = Very many people sign in just now. Please try again in a few seconds.
error-signed-out-title = You were signed out
error-signed-out = Your session ended while this page was open, so nothing was changed. Sign in in another window, then go back to this page and send it again: what you typed is still there.
error-rights-title = What you may do has changed
error-rights = This changed while your form was on its way, so nothing was done. Go back, load the page again, and repeat the last step if it is still there.
error-overtaken-title = Somebody was faster
error-overtaken = This was changed by somebody else while you had it open. Nothing of yours was saved. Go back, load the page again, and make your change to what stands there now.
sign-in-slow = Too many tries. Please wait { $seconds ->
    [one] one second
   *[other] { $seconds } seconds
  }, then try again.

## What an app asks for
scope-openid = Know that it is you
scope-profile = Know your name and profile
scope-email = Know your e-mail address
scope-address = Know your postal address
scope-phone = Know your telephone number
scope-roles = Know your roles in this app
scope-permissions = Know what you may do in this app
scope-groups = Know your groups at this stage

## In between
continue-title = One moment
continue-text = You are on your way. If nothing happens, continue yourself.
continue-button = Continue

## Home
home-title = You are at the gate of { $organization }
home-text = Here people sign in to the apps of { $organization }. Open the app that you want; it brings you here when it needs to know who you are.
home-new-title = Gatehouse is running
home-new-text = Nobody can sign in yet. Open the claim link that stands in a box on the terminal of this server, and in the file setup-link of its data directory:
home-new-file = Whoever can read it can set up the organization, and nobody else. Or describe everything in a file, and apply it on this server:
home-new-next = After that, people come here whenever an app needs to know who they are.

## Mail: invitation
mail-invitation-subject = { $inviter } invites you to { $organization }
mail-invitation-lead = { $inviter } invites you to join { $organization }.
mail-invitation-offers = What you get:
mail-invitation-button = See the invitation
mail-invitation-link = See the invitation, then accept or decline it:
mail-invitation-code = If the link does not work, enter this code with your e-mail address:
mail-invitation-code-at = at { $link }
mail-invitation-expires = The invitation is good until { $date }. Opening it decides nothing yet.
mail-invitation-unexpected = You did not expect this? Then do nothing, and keep the link and the code to yourself.

## Mail: access granted
mail-access-subject = New access at { $organization }
mail-access-lead = Hello { $name }, { $giver } has given you access:
mail-access-button = Open { $organization }
mail-access-link = Open it here:
mail-access-now = It works from now on, with the sign-in that you have.

## Mail: welcome
mail-welcome-subject = Welcome to { $organization }
mail-welcome-lead = Hello { $name }, you have joined { $organization }.
mail-welcome-sign-in = You sign in with { $email }.
mail-welcome-button = Go to { $organization }
mail-welcome-link = This is the way in:
mail-welcome-not-you = Was it not you? Tell your administrator at once.

## Mail: a sign-in used twice
mail-replayed-subject = We ended your sign-in to { $app }
mail-replayed-lead = Hello { $name }, your sign-in to { $app } was used twice, which should never happen.
mail-replayed-why = Somebody may have copied it from a device or from the app, so we ended it on { $when }. The app has no more access until you sign in again.
mail-replayed-next = Sign in again when you need the app. If this mail comes again, tell your administrator.

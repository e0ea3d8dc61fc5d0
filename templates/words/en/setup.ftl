# Setup: the claim link and the four steps; the settings of mail; the mailbox.

## What was typed
field-optional = (optional)
field-email-missing = Please give an e-mail address.
field-email-strange = This does not look like an e-mail address, such as ana@example.org.

## The claim link
setup-used-title = This link has been used
setup-used = The organization was set up with it, and it opens nothing any more. Whoever did that signs in with e-mail and password.
setup-done-title = Setup is done
setup-done = The organization has an Administrator, so this link opens nothing any more. Sign in, or ask an Administrator for an invitation.
setup-expired-title = This link has expired
setup-expired = A claim link is good for 24 hours. Make a new one on the server, in the directory where Gatehouse runs:
setup-overtaken-title = Setup was completed in another browser
setup-overtaken = Somebody made the owner a moment before you did. Nothing of what you typed was kept. If it was you, sign in.

## The steps
setup-steps = Steps of setup
setup-step-organization = Organization
setup-step-owner = Owner
setup-step-mail = Mail
setup-step-app = First app
setup-step-done = done
setup-next = Continue
setup-back = Back

setup-organization-title = Set up your organization
setup-organization-lead = Four short steps. Everything can be changed later.
setup-organization-name = Name of the organization
setup-organization-hint = People see it wherever they sign in
setup-name-missing = Please give the organization a name.
setup-stages = Stages
setup-stages-hint = Every stage has its own roles, groups and sessions, so nobody takes a test for the real thing.
setup-stage-development = Where apps are built
setup-stage-qa = Where apps are tried
setup-stage-production = Where apps are used
setup-stage-wanted = We have this stage
setup-stage-missing = Please give the stage a name.
setup-stage-twice = Two stages need two names. Please choose another.

setup-owner-title = The owner
setup-owner-lead = Who looks after { $organization }? You become its first Administrator, who may do everything.
setup-owner-name = Your name
setup-owner-email-hint = You sign in with it
setup-owner-follows = After this the claim link opens nothing any more, and you are signed in.
setup-owner-button = Create the owner
setup-owner-inactive = Somebody with this address was deactivated. Please use another address.

setup-mail-title = Mail
setup-mail-lead = Invitations and warnings go out by mail. Which server sends it?
setup-mailbox-title = Not now?
setup-mailbox = Then letters stay here, in a mailbox that only Administrators read. You see every invitation in it and can pass its link on. A server can be added at any time.
setup-mailbox-button = Keep the mailbox

setup-app-title = Your first app
setup-app-lead = Something to sign in to. Afterwards you try it at once, and see what the app gets to know.
setup-app-name = Name of the app
setup-app-name-hint = For example Sales Desk
setup-app-missing = Please give the app a name.
setup-app-key = Key
setup-app-key-hint = What tokens carry. Made from the name if you leave it empty; it can never change.
setup-app-stage = Stage
setup-app-stage-missing = Please choose a stage.
setup-app-home = Home page
setup-app-home-hint = Where people start. Without one they come to a demo that shows their tokens.
setup-app-roles = Its roles
setup-app-roles-hint = Each holds what the one before holds. You get the last one.
setup-app-button = Create and try it
setup-app-skip = Later, in the portal
setup-key-needed = No key can be made from this name. Please type one: a-z, 0-9, _ and -.
setup-key-wrong = A key has 1 to 50 of the characters a-z, 0-9, _ and -.
setup-key-taken = Another app has this key, or had it. Please choose another.
setup-key-long = This key is too long for the stage. Please choose a shorter one.
setup-home-page-wrong = This is no address of a web page, such as https://sales.example.org.

## What a first app has
template-read = See everything
template-write = Add and change things
template-manage = Change settings and delete things
template-viewer = Viewer
template-viewer-for = Looks at things
template-editor = Editor
template-editor-for = Adds and changes things too
template-administrator = Administrator
template-administrator-for = Also changes settings and deletes things

## The mail server
mail-title = Mail
mail-now = Where mail goes
mail-now-server = Mail leaves through { $server }.
mail-now-mailbox = Letters stay in the built-in mailbox, where only Administrators read them. People outside get nothing.
mail-see-mailbox = See the mailbox
mail-configured = The mail server is set where Gatehouse is started, and can only be changed there:
mail-server = Mail server
mail-host = Host
mail-host-wrong = This is no name or address of a server, such as smtp.example.org.
mail-port = Port
mail-port-hint = 587 for STARTTLS, 465 for TLS
mail-port-wrong = A port is a number from 1 to 65535.
mail-security = Protection
mail-security-starttls = STARTTLS
mail-security-tls = TLS from the first byte
mail-security-none = None, for a server on this machine
mail-security-wrong = Without protection others could read along. That is for a server on this machine only (localhost).
mail-user = User
mail-user-missing = Whose password is it? Please give the user, or leave both empty.
mail-user-wrong = The user is too long, or has characters that cannot be sent.
mail-password = Password
mail-password-kept = Leave it empty to keep the password that was typed before.
mail-password-missing = Please type the password of this user.
mail-password-again = Please type the password again: it was kept for another host, port, protection or user, and is not sent elsewhere.
mail-password-wrong = The password is too long, or has characters that cannot be sent.
mail-sender-name = Name of the sender
mail-sender-address = Address of the sender
mail-erases = { $count ->
    [one] Using a server closes the mailbox: the one letter in it is erased.
   *[other] Using a server closes the mailbox: the { $count } letters in it are erased.
  }
mail-use = Use this server
mail-test = Send a test
mail-test-goes-to = A test goes to { $to } and saves nothing.
mail-test-good = The server took the test. Look into the mailbox of { $to }.
mail-test-bad = That did not work. The answer was: { $said }
mail-test-silent = The server did not answer within 15 seconds. Check host, port and protection, and whether a firewall stands in between.
mail-test-subject = A test from { $organization }
mail-test-lead = Mail works
mail-test-text = This is the test of the mail settings of { $organization } that you asked for. There is nothing to do.
mail-back = Go back to the mailbox
mail-back-follows = The server is forgotten with its password. Letters then stay here, and nobody outside gets any.
mail-failed = Mails that did not arrive
mail-failed-none = None.
mail-failed-why = Last answer
mail-failed-tries = Tries
mail-tries = { $count ->
    [one] 1 try
   *[other] { $count } tries
  }
mail-again = Send again
mail-again-follows = Sending again gives each of them its tries again.
done-mail-server = Mail leaves through this server from now on. The mailbox is closed and empty.
done-mail-mailbox = Letters stay in the mailbox from now on.
done-mail-again = The mails get their tries again.

## The mailbox
mailbox-total = { $count ->
    [one] 1 letter
   *[other] { $count } letters
  }
mailbox-why = No mail server is in use, so letters stay here. They hold links that let people in: pass each on to its addressee only. Reading one is recorded.
mailbox-empty = No letters yet
mailbox-empty-hint = Invite somebody: the letter arrives here within a second.
mailbox-subject = Subject
mailbox-to = To
mailbox-letter-hint = Only links to this server can be followed from here. To act as the addressee, open them in another browser.

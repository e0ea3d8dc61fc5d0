# The account: what belongs to whoever is signed in.

account-apps = My apps
account-profile = Profile
account-access = My access
account-portal = Portal
account-choose-title = Whose account?
account-choose = In this browser different people are signed in to different apps. Choose whose account you want to see, and prove that it is you.
welcome-portal = Go to the portal

## Profile
account-profile-lead = Apps get to know of this only what they ask for and may know.
account-email-hint = Ask an administrator if it has to change.
account-save = Save
account-not-saved = Nothing was saved. Please look at what is marked.
profile-given-name = Given name
profile-family-name = Family name
profile-nickname = What friends call you
profile-language = Language
profile-language-browser = As my browser asks
profile-language-bad = Please choose one of the list.
profile-zone = Time zone
profile-zone-hint = Such as Europe/Berlin
profile-zone-bad = This is no time zone. Please write it like Europe/Berlin.
profile-phone = Telephone
profile-phone-hint = With the code of the country: +49 30 1234567
profile-phone-bad = This is no telephone number. Please use digits, and a + at the beginning.
profile-website = Web page
profile-picture = Picture
profile-picture-hint = The address of a picture on the web
profile-link-bad = This is no address on the web. Please write it like https://example.org.
profile-too-long = This can have at most { $most } characters.
profile-strange = This has characters that cannot be shown. Please type it again.

## Password
password-follows = Changing it signs you out everywhere else. Here you stay signed in, and a mail tells you of the change.
password-current = Current password
password-current-wrong = That is not your current password. Too many wrong tries make you wait.
password-new = New password
password-same = This is the password that you have. Please choose another.
password-change = Change the password
done-password = Changed. Everywhere else you are signed out.

## Sessions
account-signed-in-here = Where you are signed in
account-end-others = Sign out everywhere else
account-end-follows = Signing out ends a session at once, with the apps that were opened from it.
account-this-session = This session
account-this-browser = This browser
done-signed-out-others = Signed out everywhere else.
device-on = { $browser } on { $system }
device-unknown = Unknown device

## Access
account-access-none = Nothing yet
account-everything = Gives every permission, also what comes later.
account-gives-nothing = Gives nothing at the moment.
account-permissions = { $count ->
    [one] 1 permission
   *[other] { $count } permissions
  }
account-permissions-title = Permissions
account-roles = Roles
account-step-role = Role { $role }
account-no-sign-in = You cannot sign in to this app with what you hold.
account-try = See what the app is told

## Mail: password changed
mail-password-subject = Your password at { $organization } was changed
mail-password-lead = Hello { $name }, your password was changed on { $when }.
mail-password-sessions = You were signed out everywhere else. Where it was changed you are still signed in.
mail-password-not-you = Was it not you? Tell your administrator at once.

# The settings of the organization and its look.

## What was done
done-accent-saved = Saved. Every page has this colour from now on.
done-logo-saved = Saved. Every page shows this logo from now on.
done-logo-removed = The logo is removed.
done-brand-reset = Every page has the standard look again.

## The organization
settings-organization = Organization
settings-sessions = Sessions
settings-sessions-lead = For the portal, the account, and tools that people open with the same sign-in. Each stage has a policy of its own. Whoever is past a shorter time is signed out at once, you too.
settings-appearance = Appearance
settings-mail = Mail
settings-name-hint = Stands at the head of every page and in every mail.
settings-domains = Internal e-mail domains
settings-domains-hint = One on each line, such as acme.example: the domains of your own people.
settings-domain-bad = { $domain } is no domain that an address can have.
settings-domains-many = Please name 100 domains at most.
settings-id = Id in tokens
settings-overtaken = Somebody changed the settings meanwhile: the organization is called { $name } now. What you typed is still here; saving again replaces theirs.

## The look
accent-title = Accent colour
accent-lead = Buttons and links have this colour on every page, sign-in included. Text must stay readable in the light look and in the dark one, so a colour without enough contrast is not taken.
accent = Colour
accent-pick = Pick a colour
accent-hint = Six digits, such as #0d6e66.
accent-unreadable = Please type a colour such as #0d6e66.
accent-contrast = Text with this colour would have a contrast of { $ratio } to 1; 4.5 to 1 is needed. The nearest darker colour that has it is { $nearest }.
accent-take = Use { $colour }
logo-title = Logo
logo-file = File
logo-hint = PNG, JPEG or WebP, at most 256 kB and 2,000 by 2,000 pixels. It is shown 32 pixels high, on light and on dark ground.
logo-none = No logo yet: pages show the mark of Gatehouse.
logo-now = The logo as it is now
logo-upload = Upload
logo-remove = Remove logo
logo-remove-follows = Removing the logo brings back the mark of Gatehouse; the colour stays. Everybody sees it with the next page.
logo-empty = Please choose a file.
logo-too-large = This file is too large: 256 kB are the most.
logo-too-wide = This picture has { $width } by { $height } pixels: 2,000 by 2,000 are the most.
logo-svg = This is an SVG, which can carry scripts. Please use a PNG, JPEG or WebP picture.
logo-other = This is no PNG, JPEG or WebP picture, whatever its name says.
brand-standard = Standard look
brand-standard-follows = Back to the standard colour, without a logo. Everybody sees it with the next page.
brand-reset = Reset colour and logo
brand-overtaken = Somebody changed the look meanwhile. You see it as it is now; please try again if you still want to.

# Organization roles and the organization's own permissions.

portal-roles = Roles
roles-lead = Organization roles say what those who build and run things may do. What people may do inside an app is said by the roles of that app.
role-one = Role
role-about = What it is for
role-about-it = About this role
role-held-by = Held by
role-holders = { $count ->
    [0] nobody
    [one] 1 holder
   *[other] { $count } holders
  }
role-built-in = built in
role-built-in-hint = This role is part of Gatehouse and stays as it is. Duplicate it to have one that you can change.
role-built-in-stays = This role is built in: duplicate it to have one that you can change.
org-role-new = New role
role-make = Make the role
role-duplicate = Duplicate
role-copy-of = { $name } copy
role-permissions = Permissions
role-permission = Permission
role-find = Find a permission
role-sheet = Permissions by stage
role-sheet-lead = A tick says where a permission counts. What it brings along is ticked and locked. Columns with later ones also cover stages that are made one day: only somebody who holds a permission for those too can give it there.
role-every-stage = Every stage
role-column-development = Development stages
role-column-non-production = Non-production stages
role-column-production = Production stages
role-column-later = and later ones
role-column-alone = this one only
role-cell = { $permission }: { $where }, { $later }
role-comes-with = comes with { $permission }
role-asked-later = Nothing asks for it yet
role-comes-along = comes with …
role-all = This role holds everything, at every stage, also what comes later.
role-retired = No longer there
role-retired-hint = This version knows no such permission: it counts for nothing. Untick it to take it out.
org-role-remove = Remove
role-remove-more = Remove…
role-remove-title = Remove this role?
role-remove-nobody = Nobody holds it. Its key may be used again.
role-remove-losers = { $count ->
    [one] 1 holder loses it, and everything that comes with it, from the next token.
   *[other] { $count } holders lose it, and everything that comes with it, from the next token.
  }
role-remove-offered = { $count ->
    [one] 1 open invitation offers it: that offer falls away.
   *[other] { $count } open invitations offer it: these offers fall away.
  }
role-remove-with-grants = Yes, whoever holds it loses it

## What was done
done-role-made = The role is there. Give it to people on their pages, or with an invitation.
done-role-removed = The role is removed.
done-own-removed = The permission is removed. Roles that had it lost it.

## What is wrong
role-gone = This role is not there any more.
role-overtaken = Somebody changed this role meanwhile. It is called { $name } now. What you typed is still here: look at it again, then save.
role-key-taken = There is a role with the key { $key }. Please choose another one.
role-name-taken = There is a role with the name { $name }. Please choose another one.
role-needs-permission = A role needs a permission at least. Please tick one.
role-in-use = { $count ->
    [one] Somebody holds this role. Say that they lose it, or take it from them first.
   *[other] { $count } hold this role. Say that they lose it, or take it from them first.
  }
role-unknown-permission = There is no permission { $permission }.
role-stage-gone = A stage that you ticked was deleted meanwhile. What you ticked elsewhere is still here: look at it again, then save.
role-not-by-stage = { $permission } cannot be limited to stages. Please tick it for every stage.
role-beyond = Whoever holds this role would get { $permission }, which you do not hold there yourself, or not for good. Somebody who does must do this.
role-beyond-you = This gives more than you hold yourself.
role-offered-beyond = An open invitation offers this role, which gives more than you hold yourself. Somebody who may offer it must remove it.
role-emptied = The organization role { $role } would have no permission left. Change it or remove it first.
role-stronger = Somebody who may do more than you would lose something by this. Somebody who may do as much must do it.

## Own permissions
own-permissions = Own permissions
own-lead = What your own tools ask for. They go into tokens like the built-in ones, and roles hold them.
own-empty = No permissions of your own yet
own-empty-hint = Make one when a tool of yours should ask whether somebody may do something.
own-new = New permission
own-key-hint = It begins with x- and has a dot, such as x-billing.run. It never changes.
own-key-wrong = Please use a key like x-billing.run: x-, a word, a dot, a verb.
own-key-taken = There is a permission with this key.
own-overtaken = Somebody changed this permission meanwhile. What you typed is still here: look at it again on its page, then save.
own-limited = Roles limit this permission to stages. Take that out of them first.
own-category = Category
own-purpose = What its holder may do
own-at-apps = It also counts in roles that are given for one app
own-by-stage = Roles may limit it to stages
own-brings = Brings along
own-brings-nothing = nothing
own-where = Where
own-at-same = at the same stages
own-at-every = at every stage
own-circle = A permission cannot bring itself: { $way }
own-implied = { $by } brings this permission along. Take it out there first.
own-remove-title = Remove this permission?
own-remove-follows = Every role that has it loses it, and tokens carry it no more. Its key may be used again.
own-remove-role = The organization role { $role } loses it.
own-in-the-way = { $permission } cannot be removed yet. In the way:

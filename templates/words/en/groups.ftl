# Groups and stages.

## Forms
typed-save = Save
typed-optional = optional
typed-choose = Please choose
typed-empty = Please fill this in.
typed-too-long = { $count ->
    [one] Please use one character at most.
   *[other] Please use { $count } characters at most.
  }
typed-control = Please leave out control and text-direction characters.
typed-email = This does not look like an e-mail address.
typed-key = Please use 1 to 50 of the characters a-z, 0-9, _ and -.
typed-key-none = No key can be made from this name. Please choose one.
typed-day = Please choose a day.
typed-day-over = Please choose a day in the future.
typed-number = Please type a whole number.
typed-span-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
  }
typed-span-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
  }
unit-hours = hours
unit-minutes = minutes

## What was done
done-group-made = The group is there. Now add members, and the roles that come with it.
done-group-deleted = The group is deleted. The roles it gave are gone from the next token.
done-members-added = Added. The roles of the group count from the next token.
done-member-removed = Removed. The roles of the group are gone from the next token.
done-group-role-given = Every member has this role from the next token.
done-group-role-removed = Taken away. The role is gone from the next token.
done-stage-made = The stage is there. Now apps can be deployed to it.
done-stage-deleted = The stage is deleted.
done-stage-moved = The stage stands in its new place.

## The list of groups
groups-count = { $count ->
    [one] 1 group
   *[other] { $count } groups
  }
groups-empty = No groups yet
groups-empty-hint = A group gives the same roles to many people: whoever joins gets them, whoever leaves loses them.
group-one = Group
group-new = New group
group-members = { $count ->
    [one] 1 member
   *[other] { $count } members
  }
group-members-many = more than 10,000 members
group-roles = { $count ->
    [0] no roles
    [one] 1 role
   *[other] { $count } roles
  }
group-members-title = Members
group-roles-title = Roles
group-key = Key
group-description = Description

## A new group
group-new-lead = A group belongs to one stage, and gives its members roles of apps at that stage.
group-key-hint = What tokens carry. Made from the name if you leave it empty; it never changes.
group-key-taken = This stage has a group with the key { $key } already.
group-stage-hint = The stage never changes.
group-make = Make group

## One group
group-about = Name and description
group-no-members = No members yet
group-no-members-hint = Add people by their e-mail addresses, several at once.
group-add-members = Add members
group-remove = Remove
group-role = Role
group-app = App
group-no-roles = None: being a member gives nothing yet.
group-no-choices = No app at this stage has a further role that the group could get.
group-give-role = Give roles
group-give-follows = Every member gets the role from the next token on: { $members }.
group-role-differs = The group has this for another time: { $roles }. Change that in the list above.
group-role-other-stage = This role belongs to another stage.
group-until = Ends on
group-no-room = { $count ->
    [one] For 1 person this is more than fits into a token of an app here.
   *[other] For { $count } people this is more than fits into a token of an app here.
  }
group-no-room-among = { $count ->
    [one] Only the first one was looked at.
   *[other] Only the first { $count } were looked at.
  }
group-no-room-see = What is left out for one of them
group-delete-more = Delete group …
group-overtaken = Somebody changed this group meanwhile: it is called { $name } now. What you typed is still here; saving again replaces theirs.

## Adding members
group-find = Find people by name or address
group-found = Found
group-found-member = is a member already
group-found-more = There are more. Type more letters to see them.
group-found-nobody = Nobody was found whom you may see. People whom you do not know here can be invited.
group-emails = E-mail addresses
group-emails-hint = One on each line. Either everybody joins or nobody.
group-reason = Reason
group-add = Add
group-join-follows = { $count ->
    [0] The group holds no roles yet: joining gives nothing for now.
    [one] Whoever joins gets the one role of the group.
   *[other] Whoever joins gets all { $count } roles of the group.
  }
group-join-none = Nobody was added, because of these:
group-join-obstacles = Please correct or remove the addresses named above.
group-join-unknown = nobody here whom you know has this address. You can invite them.
group-join-unreadable = this is no e-mail address.
group-join-differs = is a member already, for another time. You can change that on the page of the group.
group-join-nobody = Please type an address, or pick somebody.
group-join-many = Please add { $count } people at once at most.

## Taking away
group-remove-member-title = Remove from the group?
group-remove-member = { $what } leaves { $group } ({ $stage }).
group-remove-role-title = Take the role away?
group-remove-role = { $group } ({ $stage }) loses { $what }.
group-role-of-app = { $role } of { $app }
group-role-losers = { $count ->
    [0] Nobody loses this role: everybody has it in another way as well.
    [one] One person loses this role.
   *[other] { $count } people lose this role.
  }
group-delete = Delete group
group-delete-title = Delete the group?
group-delete-what = { $group } ({ $stage }) is deleted for good.
group-delete-members = { $members } would be in it no more.
group-delete-offers = { $count ->
    [one] One open invitation offers this group. That offer falls away; an invitation that offers nothing else ends.
   *[other] { $count } open invitations offer this group. Those offers fall away; an invitation that offers nothing else ends.
  }
group-delete-key = Apps that look for its key in tokens find it no more.
group-overtaken-delete = Somebody changed this group meanwhile: it is called { $name } now. Please look again.

## Stages
stages-lead = Development comes first, Production last. Sessions, groups and tokens of one stage never count at another.
stages-empty = No stage that you may see
stages-empty-hint = Ask an Administrator if you should see one.
stage-new = New stage
stage-apps = { $count ->
    [0] none
    [one] 1 app
   *[other] { $count } apps
  }
stage-move-up = Move up
stage-move-up-of = Move up: { $stage }
stage-move-down = Move down
stage-move-down-of = Move down: { $stage }
stage-move-fixed = { $stage } cannot go there: the purposes keep their order, development first and production last.
stage-move-overtaken = Somebody changed one of these stages, or their order, meanwhile. You see them as they are now; please try again if you still want to.
stage-purpose = Purpose
stage-purpose-development = Development
stage-purpose-non-production = Testing
stage-purpose-production = Production
stage-purpose-hint = Decides the place in the order, and where roles count that are limited to a purpose. It never changes.
stage-sessions = Sessions
stage-sessions-hint = How long people stay signed in. A shorter time also counts for sessions that are there already.
stage-maximum = At most
stage-maximum-unit = Unit of the longest time
stage-maximum-bounds = From 1 hour to 1,080 hours (45 days) after signing in.
stage-idle = Without use
stage-idle-unit = Unit of the time without use
stage-idle-bounds = From 5 minutes up to the longest time.
stage-make = Make stage
stage-key-taken = There is a stage with the key { $key } already.
stage-about = Name and sessions
stage-no-apps = No app that you may see is deployed here.
stage-overtaken = Somebody changed this stage meanwhile: it is called { $name } now. What you typed is still here; saving again replaces theirs.
stage-delete = Delete stage
stage-delete-more = Delete stage …
stage-delete-title = Delete the stage?
stage-delete-what = { $stage } is deleted for good.
stage-delete-follows = Nothing is deployed here and there are no groups.
stage-delete-signs-out = { $count ->
    [0] Nobody is signed in here.
    [one] 1 person is still signed in here and is signed out.
   *[other] { $count } people are still signed in here and are signed out.
  }
stage-delete-role = The organization role { $role } loses what it holds at this stage alone: { $permissions }.
stage-delete-stronger = Somebody who may do more than you holds an organization role that would lose something. Somebody who may do as much must delete this stage.
stage-in-use = { $stage } is in use and cannot be deleted. In the way:
stage-delete-apps = { $count ->
    [one] 1 app is deployed here
   *[other] { $count } apps are deployed here
  }
stage-delete-groups = { $count ->
    [one] 1 group belongs to it
   *[other] { $count } groups belong to it
  }
stage-back = Back

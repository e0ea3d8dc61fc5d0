# The life of an app: taken over to another stage, taken from a stage, deleted; shared roles; what permissions bring.

## What was done
done-app-promoted = Taken over. This is the app as it is here now.
done-app-undeployed = The app is gone from this stage.
done-app-deleted = The app is deleted.

## Parts and links
app-tab-shared-roles = Shared roles
app-promote = Promote
app-back = Back
app-others = { $count ->
    [one] another app
   *[other] { $count } other apps
  }

## Taking over to another stage
promote-title = Promote
promote-to = Stages to which it can go
promote-lead = What { $app } has at { $from }, compared with { $to }. What is ticked is done; take the tick out of what should stay as it is.
promote-nothing = { $app } has the same permissions and roles at { $from } and { $to }. There is nothing to do.
promote-missing = { $app } is not at { $to } yet. It is made there, with who may sign in as at { $from }; its home page and clients are for you to add.
promote-missing-denied = { $app } is not at { $to } yet, and you may not put it there. Ask somebody who manages the app at that stage.
promote-added = New there
promote-changed = Changes
promote-only-there = Only there
promote-impossible = Not there
promote-impossible-is = No app shares this role at that stage, so it cannot be listed there.
promote-remove = Remove { $name }
promote-people = { $count ->
    [one] One person has it there now.
   *[other] { $count } people have it there now.
  }
promote-people-lose = { $count ->
    [0] Nobody has it. It stays unless you tick it.
    [one] One person has it, and keeps it unless you tick it.
   *[other] { $count } people have it, and keep it unless you tick it.
  }
promote-listed-by = Other apps count this role, and would not any more: { $names }.
promote-follows = All of it is done at once, or nothing is. People have what changed from the next token on.
promote-submit = Take over to { $to }
promote-stale = Something changed since you looked, so nothing was done. This is the difference now: look again.
promote-pick = Nothing is ticked. Tick at least one line.
promote-needs = { $what } needs { $permission }, which would not be there. Tick { $permission } as well, or take the tick out of { $what }.

## Taking from a stage
app-undeploy = Take from this stage
app-undeploy-title = Take from this stage
app-undeploy-is = Everything that the app has here goes: permissions, roles, clients, and what people hold. Other stages stay as they are.
app-undeploy-from = Take it from { $stage }
app-undeploy-what = { $app } goes from { $stage }, with everything that it has there. This cannot be undone.
app-undeploy-owned = What it has there: { $permissions }, { $roles }, { $clients }.
app-undeploy-people = { $count ->
    [0] Nobody holds a role there.
    [one] One person loses what they may do there.
   *[other] { $count } people lose what they may do there.
  }
app-undeploy-groups = { $groups ->
    [one] One group loses its roles there; people in it: { $people }.
   *[other] { $groups } groups lose their roles there; people in them: { $people }.
  }
app-undeploy-signed-in = { $count ->
    [0] Nobody is signed in to it now.
    [one] At most one person is signed in to it now; their tokens stop working at once.
   *[other] Up to { $count } people are signed in to it now; their tokens stop working at once.
  }
app-undeploy-ever = { $count ->
    [one] One person has signed in to it so far; when they did is forgotten.
   *[other] { $count } people have signed in to it so far; when they did is forgotten.
  }
app-undeploy-listed = Other apps count its shared roles, and will not any more: { $names }.
app-undeploy-invitations = { $count ->
    [one] An open invitation offers a role there, and loses this offer; if it offers nothing else, it is taken back.
   *[other] { $count } open invitations offer a role there, and lose this offer; those that offer nothing else are taken back.
  }
app-undeploy-resource = The resource identifier { $resource } stays reserved for this app and stage for ever.
app-end-confirm = Key of the app
app-end-confirm-hint = Type { $key } to say that you are sure.
app-end-confirm-wrong = This is not the key of the app. Type { $key }.

## Deleting
app-delete = Delete app
app-delete-title = Delete app?
app-delete-what = { $app } is deleted. This cannot be undone.
app-delete-first = An app can be deleted once it is at no stage any more. Take it from these first:
app-delete-people = { $count ->
    [0] Nobody was given an organization role at this app.
    [one] One person was given an organization role at this app, and loses it.
   *[other] { $count } people were given an organization role at this app, and lose it.
  }
app-delete-clients = { $count ->
    [one] One API client was given a role at this app, and loses it.
   *[other] { $count } API clients were given a role at this app, and lose it.
  }
app-delete-invitations = { $count ->
    [one] An open invitation offers a role at this app, and loses this offer.
   *[other] { $count } open invitations offer a role at this app, and lose this offer.
  }
app-delete-key = Its key is free again; the resource identifiers of its stages stay reserved for that key.
app-delete-stronger = Somebody who may do more than you holds a role at this app. Somebody who may do as much must delete it.
app-delete-beyond = An open invitation offers a role at this app that gives more than you hold yourself. Somebody who may offer it must delete the app.
app-delete-deployed = Somebody has deployed the app meanwhile. Take it from that stage first.

## Shared roles
shared-roles-count = { $count ->
    [one] 1 shared role
   *[other] { $count } shared roles
  }
shared-role-claim = In tokens
shared-role-of = { $app }: { $role }
shared-roles-add = Count shared roles
shared-roles-save = Count these
shared-roles-lead = People with these roles may sign in here, and this app's tokens name the roles. They bring no permissions of this app.
shared-roles-hint = Shared roles of other apps at this stage.
shared-roles-none = No other app at this stage shares a role that does not count here already. A role is shared in its own form.
shared-roles-pick = Tick at least one role.
shared-roles-empty = No shared role counts here
shared-roles-empty-hint = If people with a role of another app should get in here without a role of their own, count that role.
shared-role-remove = Stop counting this role?
shared-role-remove-what = The role { $role } of { $of } does not count in { $app } at { $stage } any more.
shared-role-remove-people = { $count ->
    [0] Nobody holds it now.
    [one] One person holds it, and cannot sign in here without a role of this app, unless everyone may.
   *[other] { $count } people hold it, and cannot sign in here without a role of this app, unless everyone may.
  }
shared-role-remove-tokens = { $claim } is missing from the next token that the app gets. People keep the role in its own app.
role-shared-by = Counted by { $names }.
role-listed = Other apps count this role: { $names }. To stop sharing it, tick that they do without it; or share it again.
role-unlist-title = Stop sharing
role-unlist = { $names }: do without this role
role-unlist-is = People who get in there by this role alone cannot sign in there any more.

## What permissions bring
permission-comes-with = Comes with { $verbs }
permission-circle = Permissions cannot bring each other in a circle: { $circle }. Take out one of these steps.
permission-remove-changed = Something changed since you looked, so nothing was removed. This is where it is in use now.

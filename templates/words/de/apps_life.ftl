# Das Leben einer App: auf eine andere Stage übernommen, von einer Stage entfernt, gelöscht; geteilte Rollen; was Berechtigungen mitbringen.

## Was getan wurde
done-app-promoted = Übernommen. So steht die App jetzt hier.
done-app-undeployed = Die App ist von dieser Stage entfernt.
done-app-deleted = Die App ist gelöscht.

## Teile und Links
app-tab-shared-roles = Geteilte Rollen
app-promote = Übernehmen
app-back = Zurück
app-others = { $count ->
    [one] eine weitere App
   *[other] { $count } weitere Apps
  }

## Auf eine andere Stage übernehmen
promote-title = Übernehmen
promote-to = Stages, auf die es gehen kann
promote-lead = Was { $app } auf { $from } hat, verglichen mit { $to }. Was angekreuzt ist, wird getan; nehmen Sie das Kreuz weg, wo es bleiben soll, wie es ist.
promote-nothing = { $app } hat auf { $from } und { $to } dieselben Berechtigungen und Rollen. Es gibt nichts zu tun.
promote-missing = { $app } ist noch nicht auf { $to }. Die App wird dort angelegt; wer sich anmelden darf, ist wie auf { $from }. Startseite und Clients ergänzen Sie selbst.
promote-missing-denied = { $app } ist noch nicht auf { $to }, und Sie dürfen die App dort nicht anlegen. Fragen Sie jemanden, der sie auf dieser Stage verwaltet.
promote-added = Neu dort
promote-changed = Ändert sich
promote-only-there = Nur dort
promote-impossible = Fehlt dort
promote-impossible-is = Auf dieser Stage teilt keine App diese Rolle, deshalb kann sie dort nicht zählen.
promote-remove = { $name } entfernen
promote-people = { $count ->
    [one] Eine Person hat das dort jetzt.
   *[other] { $count } Personen haben das dort jetzt.
  }
promote-people-lose = { $count ->
    [0] Niemand hat das. Es bleibt, wenn Sie es nicht ankreuzen.
    [one] Eine Person hat das und behält es, wenn Sie es nicht ankreuzen.
   *[other] { $count } Personen haben das und behalten es, wenn Sie es nicht ankreuzen.
  }
promote-listed-by = Bei anderen Apps zählt diese Rolle und würde es nicht mehr: { $names }.
promote-follows = Alles geschieht auf einmal oder gar nicht. Ab dem nächsten Token haben die Leute, was sich geändert hat.
promote-submit = Auf { $to } übernehmen
promote-stale = Seit Sie nachgesehen haben, hat sich etwas geändert; deshalb wurde nichts getan. Das ist der Unterschied jetzt: Sehen Sie noch einmal nach.
promote-pick = Nichts ist angekreuzt. Kreuzen Sie mindestens eine Zeile an.
promote-needs = { $what } braucht { $permission }, und das wäre dort nicht da. Kreuzen Sie auch { $permission } an, oder nehmen Sie das Kreuz bei { $what } weg.

## Von einer Stage entfernen
app-undeploy = Von dieser Stage entfernen
app-undeploy-title = Von dieser Stage entfernen
app-undeploy-is = Alles, was die App hier hat, geht: Berechtigungen, Rollen, Clients und was Leute davon haben. Andere Stages bleiben, wie sie sind.
app-undeploy-from = Von { $stage } entfernen
app-undeploy-what = { $app } wird von { $stage } entfernt, mit allem, was die App dort hat. Das lässt sich nicht rückgängig machen.
app-undeploy-owned = Was sie dort hat: { $permissions }, { $roles }, { $clients }.
app-undeploy-people = { $count ->
    [0] Niemand hat dort eine Rolle.
    [one] Eine Person verliert, was sie dort darf.
   *[other] { $count } Personen verlieren, was sie dort dürfen.
  }
app-undeploy-groups = { $groups ->
    [one] Eine Gruppe verliert ihre Rollen dort; Personen darin: { $people }.
   *[other] { $groups } Gruppen verlieren ihre Rollen dort; Personen darin: { $people }.
  }
app-undeploy-signed-in = { $count ->
    [0] Niemand ist jetzt angemeldet.
    [one] Höchstens eine Person ist jetzt angemeldet; ihre Tokens gelten sofort nicht mehr.
   *[other] Bis zu { $count } Personen sind jetzt angemeldet; ihre Tokens gelten sofort nicht mehr.
  }
app-undeploy-ever = { $count ->
    [one] Eine Person hat sich bisher angemeldet; wann, wird vergessen.
   *[other] { $count } Personen haben sich bisher angemeldet; wann, wird vergessen.
  }
app-undeploy-listed = Bei anderen Apps zählen ihre geteilten Rollen und werden es nicht mehr: { $names }.
app-undeploy-invitations = { $count ->
    [one] Eine offene Einladung bietet dort eine Rolle an und verliert dieses Angebot; bietet sie sonst nichts an, wird sie zurückgezogen.
   *[other] { $count } offene Einladungen bieten dort eine Rolle an und verlieren dieses Angebot; solche, die sonst nichts anbieten, werden zurückgezogen.
  }
app-undeploy-resource = Die Ressourcenkennung { $resource } bleibt für diese App und Stage für immer vergeben.
app-end-confirm = Schlüssel der App
app-end-confirm-hint = Geben Sie { $key } ein, um zu sagen, dass Sie sicher sind.
app-end-confirm-wrong = Das ist nicht der Schlüssel der App. Geben Sie { $key } ein.

## Löschen
app-delete = App löschen
app-delete-title = App löschen?
app-delete-what = { $app } wird gelöscht. Das lässt sich nicht rückgängig machen.
app-delete-first = Eine App kann gelöscht werden, wenn sie auf keiner Stage mehr ist. Entfernen Sie sie zuerst von diesen:
app-delete-people = { $count ->
    [0] Niemandem wurde eine Organisationsrolle für diese App gegeben.
    [one] Einer Person wurde eine Organisationsrolle für diese App gegeben; sie verliert sie.
   *[other] { $count } Personen wurde eine Organisationsrolle für diese App gegeben; sie verlieren sie.
  }
app-delete-clients = { $count ->
    [one] Einem API-Client wurde eine Rolle für diese App gegeben; er verliert sie.
   *[other] { $count } API-Clients wurde eine Rolle für diese App gegeben; sie verlieren sie.
  }
app-delete-invitations = { $count ->
    [one] Eine offene Einladung bietet eine Rolle für diese App an und verliert dieses Angebot.
   *[other] { $count } offene Einladungen bieten eine Rolle für diese App an und verlieren dieses Angebot.
  }
app-delete-key = Ihr Schlüssel ist wieder frei; die Ressourcenkennungen ihrer Stages bleiben für diesen Schlüssel vergeben.
app-delete-stronger = Jemand, der mehr darf als Sie, hat eine Rolle für diese App. Jemand, der ebenso viel darf, muss sie löschen.
app-delete-beyond = Eine offene Einladung bietet eine Rolle für diese App an, die mehr gibt, als Sie selbst haben. Nur wer sie anbieten darf, kann die App löschen.
app-delete-deployed = Jemand hat die App inzwischen bereitgestellt. Entfernen Sie sie zuerst von dieser Stage.

## Geteilte Rollen
shared-roles-count = { $count ->
    [one] 1 geteilte Rolle
   *[other] { $count } geteilte Rollen
  }
shared-role-claim = In Tokens
shared-role-of = { $app }: { $role }
shared-roles-add = Geteilte Rollen zählen lassen
shared-roles-save = Zählen lassen
shared-roles-lead = Wer eine dieser Rollen hat, darf sich hier anmelden, und die Tokens dieser App nennen die Rollen. Berechtigungen dieser App bringen sie nicht.
shared-roles-hint = Geteilte Rollen anderer Apps auf dieser Stage.
shared-roles-none = Keine andere App auf dieser Stage teilt eine Rolle, die hier nicht schon zählt. Geteilt wird eine Rolle in ihrem eigenen Formular.
shared-roles-pick = Kreuzen Sie mindestens eine Rolle an.
shared-roles-empty = Keine geteilte Rolle zählt hier
shared-roles-empty-hint = Wenn Leute mit einer Rolle einer anderen App hier ohne eigene Rolle hineinkommen sollen, lassen Sie diese Rolle zählen.
shared-role-remove = Diese Rolle nicht mehr zählen lassen?
shared-role-remove-what = Die Rolle { $role } von { $of } zählt in { $app } auf { $stage } nicht mehr.
shared-role-remove-people = { $count ->
    [0] Niemand hat sie jetzt.
    [one] Eine Person hat sie und kann sich hier ohne eine Rolle dieser App nicht anmelden, wenn es nicht alle dürfen.
   *[other] { $count } Personen haben sie und können sich hier ohne eine Rolle dieser App nicht anmelden, wenn es nicht alle dürfen.
  }
shared-role-remove-tokens = { $claim } fehlt im nächsten Token, das die App bekommt. In der eigenen App behalten die Leute die Rolle.
role-shared-by = Zählt bei: { $names }.
role-listed = Bei anderen Apps zählt diese Rolle: { $names }. Um sie nicht mehr zu teilen, kreuzen Sie an, dass diese ohne sie auskommen; oder teilen Sie sie wieder.
role-unlist-title = Nicht mehr teilen
role-unlist = { $names }: kommt ohne diese Rolle aus
role-unlist-is = Wer dort nur mit dieser Rolle hineinkommt, kann sich dort nicht mehr anmelden.

## Was Berechtigungen mitbringen
permission-comes-with = Kommt mit { $verbs }
permission-circle = Berechtigungen können einander nicht im Kreis mitbringen: { $circle }. Nehmen Sie einen dieser Schritte weg.
permission-remove-changed = Seit Sie nachgesehen haben, hat sich etwas geändert; deshalb wurde nichts entfernt. Hier wird sie jetzt benutzt.

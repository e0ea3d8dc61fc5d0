# Organisationsrollen und eigene Berechtigungen der Organisation.

portal-roles = Rollen
roles-lead = Organisationsrollen sagen, was die tun dürfen, die Dinge bauen und betreiben. Was Menschen in einer App tun dürfen, sagen die Rollen dieser App.
role-one = Rolle
role-about = Wofür sie da ist
role-about-it = Über diese Rolle
role-held-by = Gehalten von
role-holders = { $count ->
    [0] niemandem
    [one] 1 Inhaber
   *[other] { $count } Inhabern
  }
role-built-in = eingebaut
role-built-in-hint = Diese Rolle gehört zu Gatehouse und bleibt, wie sie ist. Duplizieren Sie sie, um eine zu haben, die Sie ändern können.
role-built-in-stays = Diese Rolle ist eingebaut: Duplizieren Sie sie, um eine zu haben, die Sie ändern können.
org-role-new = Neue Rolle
role-make = Rolle anlegen
role-duplicate = Duplizieren
role-copy-of = { $name } (Kopie)
role-permissions = Berechtigungen
role-permission = Berechtigung
role-find = Berechtigung suchen
role-sheet = Berechtigungen nach Stage
role-sheet-lead = Ein Kreuz sagt, wo eine Berechtigung zählt. Was sie mitbringt, ist angekreuzt und gesperrt. Spalten mit dem Zusatz „auch künftige“ gelten auch für Stages, die es noch nicht gibt: Dort kann eine Berechtigung nur geben, wer sie auch für diese hat.
role-every-stage = Jede Stage
role-column-development = Entwicklungs-Stages
role-column-non-production = Test-Stages
role-column-production = Produktions-Stages
role-column-later = auch künftige
role-column-alone = nur diese
role-cell = { $permission }: { $where }, { $later }
role-comes-with = kommt mit { $permission }
role-asked-later = Noch fragt nichts danach
role-comes-along = kommt mit …
role-all = Diese Rolle hat alles, auf jeder Stage, auch was später kommt.
role-retired = Nicht mehr da
role-retired-hint = Diese Version kennt keine solche Berechtigung: Sie zählt nichts. Nehmen Sie das Kreuz weg, um sie zu entfernen.
org-role-remove = Entfernen
role-remove-more = Entfernen…
role-remove-title = Diese Rolle entfernen?
role-remove-nobody = Niemand hat sie. Ihr Schlüssel kann wieder verwendet werden.
role-remove-losers = { $count ->
    [one] 1 Inhaber verliert sie, und alles, was mit ihr kommt, ab dem nächsten Token.
   *[other] { $count } Inhaber verlieren sie, und alles, was mit ihr kommt, ab dem nächsten Token.
  }
role-remove-offered = { $count ->
    [one] 1 offene Einladung bietet sie an: Dieses Angebot fällt weg.
   *[other] { $count } offene Einladungen bieten sie an: Diese Angebote fallen weg.
  }
role-remove-with-grants = Ja, wer sie hat, verliert sie

## Was getan wurde
done-role-made = Die Rolle ist da. Geben Sie sie Menschen auf deren Seiten, oder mit einer Einladung.
done-role-removed = Die Rolle ist entfernt.
done-own-removed = Die Berechtigung ist entfernt. Rollen, die sie hatten, haben sie verloren.

## Was nicht stimmt
role-gone = Diese Rolle gibt es nicht mehr.
role-overtaken = Jemand hat diese Rolle inzwischen geändert. Sie heißt jetzt { $name }. Was Sie eingegeben haben, steht noch da: Sehen Sie es noch einmal an, dann speichern Sie.
role-key-taken = Es gibt schon eine Rolle mit dem Schlüssel { $key }. Bitte wählen Sie einen anderen.
role-name-taken = Es gibt schon eine Rolle mit dem Namen { $name }. Bitte wählen Sie einen anderen.
role-needs-permission = Eine Rolle braucht mindestens eine Berechtigung. Bitte kreuzen Sie eine an.
role-in-use = { $count ->
    [one] Jemand hat diese Rolle. Sagen Sie, dass er sie verliert, oder nehmen Sie sie ihm vorher.
   *[other] { $count } haben diese Rolle. Sagen Sie, dass sie sie verlieren, oder nehmen Sie sie ihnen vorher.
  }
role-unknown-permission = Es gibt keine Berechtigung { $permission }.
role-stage-gone = Eine Stage, die Sie angekreuzt haben, wurde inzwischen gelöscht. Was Sie sonst angekreuzt haben, steht noch hier: Sehen Sie es noch einmal an und speichern Sie dann.
role-not-by-stage = { $permission } lässt sich nicht auf Stages begrenzen. Bitte kreuzen Sie sie für jede Stage an.
role-beyond = Wer diese Rolle hat, bekäme { $permission }. Das haben Sie dort selbst nicht, oder nicht auf Dauer. Das muss jemand tun, der es hat.
role-beyond-you = Das gibt mehr, als Sie selbst haben.
role-offered-beyond = Eine offene Einladung bietet diese Rolle an, die mehr gibt, als Sie selbst haben. Nur wer diese Rolle anbieten darf, kann sie entfernen.
role-emptied = Die Organisationsrolle { $role } hätte keine Berechtigung mehr. Ändern oder entfernen Sie sie zuerst.
role-stronger = Jemand, der mehr darf als Sie, würde dadurch etwas verlieren. Nur wer ebenso viel darf, kann das tun.

## Eigene Berechtigungen
own-permissions = Eigene Berechtigungen
own-lead = Wonach Ihre eigenen Werkzeuge fragen. Sie stehen in Tokens wie die eingebauten, und Rollen haben sie.
own-empty = Noch keine eigenen Berechtigungen
own-empty-hint = Legen Sie eine an, wenn ein eigenes Werkzeug fragen soll, ob jemand etwas darf.
own-new = Neue Berechtigung
own-key-hint = Er beginnt mit x- und hat einen Punkt, etwa x-billing.run. Er ändert sich nie.
own-key-wrong = Bitte einen Schlüssel wie x-billing.run: x-, ein Wort, ein Punkt, ein Verb.
own-key-taken = Es gibt schon eine Berechtigung mit diesem Schlüssel.
own-overtaken = Jemand hat diese Berechtigung inzwischen geändert. Was Sie eingegeben haben, steht noch da: Sehen Sie sie auf ihrer Seite noch einmal an, dann speichern Sie.
own-limited = Rollen begrenzen diese Berechtigung auf Stages. Nehmen Sie das zuerst dort heraus.
own-category = Kategorie
own-purpose = Was man mit ihr darf
own-at-apps = Sie zählt auch in Rollen, die für eine App gegeben werden
own-by-stage = Rollen dürfen sie auf Stages begrenzen
own-brings = Bringt mit
own-brings-nothing = nichts
own-where = Wo
own-at-same = auf denselben Stages
own-at-every = auf jeder Stage
own-circle = Eine Berechtigung kann sich nicht selbst mitbringen: { $way }
own-implied = { $by } bringt diese Berechtigung mit. Nehmen Sie sie zuerst dort heraus.
own-remove-title = Diese Berechtigung entfernen?
own-remove-follows = Jede Rolle, die sie hat, verliert sie, und Tokens tragen sie nicht mehr. Ihr Schlüssel kann wieder verwendet werden.
own-remove-role = Die Organisationsrolle { $role } verliert sie.
own-in-the-way = { $permission } lässt sich noch nicht entfernen. Im Weg:

# Gruppen und Stages.

## Formulare
typed-save = Speichern
typed-optional = freiwillig
typed-choose = Bitte wählen
typed-empty = Bitte füllen Sie dieses Feld aus.
typed-too-long = { $count ->
    [one] Bitte verwenden Sie höchstens ein Zeichen.
   *[other] Bitte verwenden Sie höchstens { $count } Zeichen.
  }
typed-control = Bitte lassen Sie Steuerzeichen und Zeichen für die Schreibrichtung weg.
typed-email = Das sieht nicht nach einer E-Mail-Adresse aus.
typed-key = Bitte verwenden Sie 1 bis 50 der Zeichen a-z, 0-9, _ und -.
typed-key-none = Aus diesem Namen lässt sich kein Schlüssel bilden. Bitte wählen Sie einen.
typed-day = Bitte wählen Sie einen Tag.
typed-day-over = Bitte wählen Sie einen Tag in der Zukunft.
typed-number = Bitte geben Sie eine ganze Zahl ein.
typed-span-hours = { $count ->
    [one] 1 Stunde
   *[other] { $count } Stunden
  }
typed-span-minutes = { $count ->
    [one] 1 Minute
   *[other] { $count } Minuten
  }
unit-hours = Stunden
unit-minutes = Minuten

## Was getan wurde
done-group-made = Die Gruppe ist angelegt. Fügen Sie nun Mitglieder hinzu und die Rollen, die damit verbunden sind.
done-group-deleted = Die Gruppe ist gelöscht. Die Rollen, die sie gab, fehlen ab dem nächsten Token.
done-members-added = Hinzugefügt. Die Rollen der Gruppe gelten ab dem nächsten Token.
done-member-removed = Entfernt. Die Rollen der Gruppe fehlen ab dem nächsten Token.
done-group-role-given = Alle Mitglieder haben diese Rolle ab dem nächsten Token.
done-group-role-removed = Entzogen. Die Rolle fehlt ab dem nächsten Token.
done-stage-made = Die Stage ist angelegt. Nun können dort Apps bereitgestellt werden.
done-stage-deleted = Die Stage ist gelöscht.
done-stage-moved = Die Stage steht an ihrem neuen Platz.

## Die Liste der Gruppen
groups-count = { $count ->
    [one] 1 Gruppe
   *[other] { $count } Gruppen
  }
groups-empty = Noch keine Gruppen
groups-empty-hint = Eine Gruppe gibt vielen Menschen dieselben Rollen: Wer beitritt, bekommt sie; wer geht, verliert sie.
group-one = Gruppe
group-new = Neue Gruppe
group-members = { $count ->
    [one] 1 Mitglied
   *[other] { $count } Mitglieder
  }
group-members-many = mehr als 10.000 Mitglieder
group-roles = { $count ->
    [0] keine Rollen
    [one] 1 Rolle
   *[other] { $count } Rollen
  }
group-members-title = Mitglieder
group-roles-title = Rollen
group-key = Schlüssel
group-description = Beschreibung

## Eine neue Gruppe
group-new-lead = Eine Gruppe gehört zu einer Stage und gibt ihren Mitgliedern Rollen von Apps auf dieser Stage.
group-key-hint = Steht in Tokens. Wird aus dem Namen gebildet, wenn Sie das Feld leer lassen; er ändert sich nie.
group-key-taken = Auf dieser Stage gibt es schon eine Gruppe mit dem Schlüssel { $key }.
group-stage-hint = Die Stage ändert sich nie.
group-make = Gruppe anlegen

## Eine Gruppe
group-about = Name und Beschreibung
group-no-members = Noch keine Mitglieder
group-no-members-hint = Fügen Sie Menschen über ihre E-Mail-Adressen hinzu, auch mehrere auf einmal.
group-add-members = Mitglieder hinzufügen
group-remove = Entfernen
group-role = Rolle
group-app = App
group-no-roles = Keine: Die Mitgliedschaft gibt noch nichts.
group-no-choices = Keine App auf dieser Stage hat eine weitere Rolle, die die Gruppe bekommen könnte.
group-give-role = Rollen geben
group-give-follows = Alle Mitglieder bekommen die Rolle ab dem nächsten Token: { $members }.
group-role-differs = Die Gruppe hat das für eine andere Zeit: { $roles }. Ändern Sie das in der Liste oben.
group-role-other-stage = Diese Rolle gehört zu einer anderen Stage.
group-until = Endet am
group-no-room = { $count ->
    [one] Für 1 Person ist das mehr, als hier in ein Token einer App passt.
   *[other] Für { $count } Personen ist das mehr, als hier in ein Token einer App passt.
  }
group-no-room-among = { $count ->
    [one] Nur die erste wurde angesehen.
   *[other] Nur die ersten { $count } wurden angesehen.
  }
group-no-room-see = Was bei einer davon wegfällt
group-delete-more = Gruppe löschen …
group-overtaken = Jemand hat diese Gruppe inzwischen geändert: Sie heißt jetzt { $name }. Ihre Eingaben stehen noch hier; wenn Sie noch einmal speichern, ersetzen sie die anderen.

## Mitglieder hinzufügen
group-find = Menschen nach Name oder Adresse suchen
group-found = Gefunden
group-found-member = ist schon Mitglied
group-found-more = Es gibt noch mehr. Geben Sie mehr Buchstaben ein, um sie zu sehen.
group-found-nobody = Es wurde niemand gefunden, den Sie sehen dürfen. Menschen, die Sie hier nicht kennen, können Sie einladen.
group-emails = E-Mail-Adressen
group-emails-hint = Eine pro Zeile. Entweder treten alle bei oder niemand.
group-reason = Grund
group-add = Hinzufügen
group-join-follows = { $count ->
    [0] Die Gruppe hat noch keine Rollen: Der Beitritt gibt vorerst nichts.
    [one] Wer beitritt, bekommt die eine Rolle der Gruppe.
   *[other] Wer beitritt, bekommt alle { $count } Rollen der Gruppe.
  }
group-join-none = Niemand wurde hinzugefügt. Der Grund:
group-join-obstacles = Bitte berichtigen oder entfernen Sie die oben genannten Adressen.
group-join-unknown = hier hat niemand, den Sie kennen, diese Adresse. Sie können die Person einladen.
group-join-unreadable = Das ist keine E-Mail-Adresse.
group-join-differs = ist schon Mitglied, für eine andere Zeit. Ändern können Sie das auf der Seite der Gruppe.
group-join-nobody = Bitte geben Sie eine Adresse ein oder wählen Sie jemanden aus.
group-join-many = Bitte fügen Sie höchstens { $count } Menschen auf einmal hinzu.

## Entziehen
group-remove-member-title = Aus der Gruppe entfernen?
group-remove-member = { $what } verlässt { $group } ({ $stage }).
group-remove-role-title = Rolle entziehen?
group-remove-role = { $group } ({ $stage }) verliert { $what }.
group-role-of-app = { $role } von { $app }
group-role-losers = { $count ->
    [0] Niemand verliert diese Rolle: Alle haben sie auch auf anderem Weg.
    [one] Eine Person verliert diese Rolle.
   *[other] { $count } Personen verlieren diese Rolle.
  }
group-delete = Gruppe löschen
group-delete-title = Gruppe löschen?
group-delete-what = { $group } ({ $stage }) wird endgültig gelöscht.
group-delete-members = Aus der Gruppe fallen: { $members }.
group-delete-offers = { $count ->
    [one] Eine offene Einladung bietet diese Gruppe an. Dieses Angebot entfällt; eine Einladung, die sonst nichts anbietet, endet.
   *[other] { $count } offene Einladungen bieten diese Gruppe an. Diese Angebote entfallen; eine Einladung, die sonst nichts anbietet, endet.
  }
group-delete-key = Apps, die in Tokens nach ihrem Schlüssel suchen, finden ihn nicht mehr.
group-overtaken-delete = Jemand hat diese Gruppe inzwischen geändert: Sie heißt jetzt { $name }. Bitte sehen Sie noch einmal hin.

## Stages
stages-lead = Entwicklung kommt zuerst, Produktion zuletzt. Sitzungen, Gruppen und Tokens einer Stage gelten nie auf einer anderen.
stages-empty = Keine Stage, die Sie sehen dürfen
stages-empty-hint = Fragen Sie einen Administrator, wenn Sie eine sehen sollten.
stage-new = Neue Stage
stage-apps = { $count ->
    [0] keine
    [one] 1 App
   *[other] { $count } Apps
  }
stage-move-up = Nach oben
stage-move-up-of = Nach oben: { $stage }
stage-move-down = Nach unten
stage-move-down-of = Nach unten: { $stage }
stage-move-fixed = { $stage } kann dort nicht stehen: Die Zwecke behalten ihre Reihenfolge, Entwicklung zuerst und Produktion zuletzt.
stage-move-overtaken = Jemand hat eine dieser Stages oder ihre Reihenfolge inzwischen geändert. Sie sehen den Stand von jetzt; versuchen Sie es noch einmal, wenn Sie das noch möchten.
stage-purpose = Zweck
stage-purpose-development = Entwicklung
stage-purpose-non-production = Test
stage-purpose-production = Produktion
stage-purpose-hint = Bestimmt den Platz in der Reihenfolge und wo Rollen gelten, die auf einen Zweck beschränkt sind. Er ändert sich nie.
stage-sessions = Sitzungen
stage-sessions-hint = Wie lange Menschen angemeldet bleiben. Eine kürzere Zeit gilt auch für Sitzungen, die es schon gibt.
stage-maximum = Höchstens
stage-maximum-unit = Einheit der längsten Zeit
stage-maximum-bounds = Von 1 Stunde bis 1.080 Stunden (45 Tage) nach der Anmeldung.
stage-idle = Ohne Nutzung
stage-idle-unit = Einheit der Zeit ohne Nutzung
stage-idle-bounds = Von 5 Minuten bis zur längsten Zeit.
stage-make = Stage anlegen
stage-key-taken = Es gibt schon eine Stage mit dem Schlüssel { $key }.
stage-about = Name und Sitzungen
stage-no-apps = Hier ist keine App bereitgestellt, die Sie sehen dürfen.
stage-overtaken = Jemand hat diese Stage inzwischen geändert: Sie heißt jetzt { $name }. Ihre Eingaben stehen noch hier; wenn Sie noch einmal speichern, ersetzen sie die anderen.
stage-delete = Stage löschen
stage-delete-more = Stage löschen …
stage-delete-title = Stage löschen?
stage-delete-what = { $stage } wird endgültig gelöscht.
stage-delete-follows = Hier ist nichts bereitgestellt, und es gibt keine Gruppen.
stage-delete-signs-out = { $count ->
    [0] Niemand ist hier angemeldet.
    [one] 1 Person ist hier noch angemeldet und wird abgemeldet.
   *[other] { $count } Personen sind hier noch angemeldet und werden abgemeldet.
  }
stage-delete-role = Die Organisationsrolle { $role } verliert, was sie allein auf dieser Stage enthält: { $permissions }.
stage-delete-stronger = Jemand, der mehr darf als Sie, hat eine Organisationsrolle, die etwas verlieren würde. Nur wer ebenso viel darf, kann diese Stage löschen.
stage-in-use = { $stage } wird benutzt und kann nicht gelöscht werden. Im Weg:
stage-delete-apps = { $count ->
    [one] 1 App ist hier bereitgestellt
   *[other] { $count } Apps sind hier bereitgestellt
  }
stage-delete-groups = { $count ->
    [one] 1 Gruppe gehört dazu
   *[other] { $count } Gruppen gehören dazu
  }
stage-back = Zurück

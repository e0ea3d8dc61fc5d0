# Das Portal: sein Rahmen, was alle Listen und Formulare dort teilen, und die Übersicht.

## Daten
month-1 = Jan.
month-2 = Feb.
month-3 = März
month-4 = Apr.
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = Aug.
month-9 = Sept.
month-10 = Okt.
month-11 = Nov.
month-12 = Dez.
date-day = { $day }. { $month } { $year }
date-minute = { $day }. { $month } { $year }, { $time } UTC
ago-now = gerade eben
ago-minutes = { $count ->
    [one] vor 1 Minute
   *[other] vor { $count } Minuten
  }
ago-hours = { $count ->
    [one] vor 1 Stunde
   *[other] vor { $count } Stunden
  }
ago-days = { $count ->
    [one] vor 1 Tag
   *[other] vor { $count } Tagen
  }
ends-in-hours = { $count ->
    [one] endet in 1 Stunde
   *[other] endet in { $count } Stunden
  }
ends-in-days = { $count ->
    [one] endet in 1 Tag
   *[other] endet in { $count } Tagen
  }
ends-on = endet am { $date }
ended-on = endete am { $date }

## Der Rahmen
skip = Zum Inhalt springen
portal-menu = Portal
portal-menu-open = Menü
portal-overview = Übersicht
portal-users = Benutzer
portal-groups = Gruppen
portal-invitations = Einladungen
portal-apps = Apps
portal-stages = Stages
portal-settings = Einstellungen
portal-mailbox = Postfach
portal-account = Ihr Konto
portal-sign-out = Abmelden
portal-search-users = Benutzer suchen
proof-title = Sind Sie es noch?
proof-why = Das lässt sich nicht leicht zurücknehmen, und Sie haben sich vor mehr als 15 Minuten angemeldet. Noch ist nichts geändert: Bitte geben Sie Ihr Passwort ein, dann geschieht es.
proof-go-on = Bestätigen und weiter
denied-title = Das dürfen Sie nicht sehen
denied = Nur ein Administrator darf diese Seite sehen. Fragen Sie einen, wenn Sie sie brauchen.
denied-permission = Dafür braucht es die Berechtigung { $permission }. Fragen Sie einen Administrator, wenn Sie sie haben sollten.

## Listen und Formulare
search = Suchen
search-list = Diese Liste durchsuchen
search-button = Suchen
search-clear = Alle zeigen
nothing-found = Nichts gefunden
nothing-found-hint = Versuchen Sie es mit weniger Buchstaben oder einem anderen Filter.
pages = Seiten
pages-first = Erste Seite
pages-previous = Zurück
pages-next = Weiter
export = CSV exportieren
sort = Reihenfolge
actions = Aktionen
name = Name
status = Status
when = Wann
where = Wo
what = Was
never = Nie
at-organization = Ganze Organisation

## Was getan wurde
done-saved = Gespeichert.
done-deactivated = Deaktiviert. Alle Sitzungen und Tokens dieser Person sind beendet.
done-activated = Aktiviert. Diese Person kann sich wieder anmelden.
done-signed-out = Abgemeldet.
done-revoked = Entzogen. Im nächsten Token ist es nicht mehr enthalten.

## Die Übersicht
overview-very-many = 10.000+
overview-people = { $count ->
    [one] aktive Person
   *[other] aktive Personen
  }
overview-invitations = { $count ->
    [one] offene Einladung
   *[other] offene Einladungen
  }
overview-apps = { $count ->
    [one] App
   *[other] Apps
  }
attention-title = Braucht Aufmerksamkeit
attention-nothing = Nichts. Alles ist, wie es sein soll.
attention-no-apps = Es gibt noch keine App, bei der man sich anmelden könnte.
attention-add-app = App hinzufügen
attention-mail-failed = { $count ->
    [one] Eine E-Mail konnte nicht zugestellt werden.
   *[other] { $count } E-Mails konnten nicht zugestellt werden.
  }
attention-mail-waits = { $count ->
    [one] Eine E-Mail wartet auf die Zustellung.
   *[other] { $count } E-Mails warten auf die Zustellung.
  }
attention-see-mail = E-Mail-Einstellungen ansehen
attention-mailbox = E-Mails bleiben im eingebauten Postfach, das nur Administratoren lesen. Nach außen geht nichts.
attention-set-mail = E-Mail einrichten
attention-expired = { $count ->
    [one] Eine Einladung wurde nicht rechtzeitig angenommen.
   *[other] { $count } Einladungen wurden nicht rechtzeitig angenommen.
  }
attention-see-invitations = Einladungen ansehen
attention-no-production = Noch keine App ist in der Produktion.
attention-see-apps = Apps ansehen
sign-ins-title = Letzte Anmeldungen
sign-ins-empty = Noch hat sich niemand angemeldet.
sign-in-result = Ergebnis
sign-in-where = Wo
sign-in-good = Angemeldet
sign-in-bad = Gescheitert
network-address = Netzwerkadresse
somebody-unknown = Jemand Unbekanntes

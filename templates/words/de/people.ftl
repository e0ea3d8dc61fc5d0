# Menschen: die Liste der Benutzer und die Seite von einem.

## Die Liste
users-count = { $count ->
    [one] 1 Person
   *[other] { $count } Personen
  }
users-very-many = mehr als 10.000 Personen
users-empty = Noch ist niemand hier
users-empty-hint = Laden Sie Menschen ein: Sie bekommen eine E-Mail und wählen selbst ein Passwort.
invite-people = Menschen einladen
person = Person
access = Zugriff
last-sign-in = Letzte Anmeldung
last-sign-in-there = Letzte Anmeldung dort
signed-in-there = dort: { $when }
never-signed-in-there = dort: nie
access-none = Kein Zugriff
access-more = { $count ->
    [one] und 1 weiterer
   *[other] und { $count } weitere
  }
access-role-app = { $role } für { $app }
access-app-role = { $app }: { $role } ({ $stage })
access-group = Gruppe { $group }
status-active = Aktiv
status-invited = Eingeladen
status-pending = Registriert sich
status-inactive = Deaktiviert
filter-access = Zugriff
filter-access-all = Jeder Zugriff
filter-members = Mit Organisationsrollen
filter-end-users = Mit App-Rollen
filter-nothing = Ohne Zugriff
filter-status = Status
filter-status-all = Jeder Status
filter-stage = Stage
filter-stage-all = Jede Stage
filter-app = App
filter-app-all = Jede App
filter-domain-all = Jede E-Mail-Domain
filter-domain-internal = Interne Adressen
filter-domain-external = Externe Adressen
sort-name = Nach Name
sort-status = Nach Status
filter-seen = Letzte Anmeldung
filter-seen-all = Jede letzte Anmeldung
filter-seen-never = Nie angemeldet
filter-seen-month = Seit 30 Tagen nicht
filter-seen-quarter = Seit 90 Tagen nicht
sort-last-sign-in = Nach letzter Anmeldung
sort-longest-ago = Letzte Anmeldung, nie zuerst
sort-newest = Neueste zuerst
sort-oldest = Älteste zuerst
sort-ends = Was zuerst endet

## Eine Person
user-since = hier seit { $since }
user-since-seen = hier seit { $since }, zuletzt gesehen { $seen }
user-inactive = Diese Person ist deaktiviert: Keine Anmeldung, keine Sitzung und kein Token funktioniert. Was sie hat, bleibt erhalten und gilt wieder, sobald sie aktiviert wird.
user-facts = Zur Person
user-username = Benutzername
email-domain = E-Mail-Domain
internal = intern
external = extern
user-proved = E-Mail-Adresse bestätigt
user-not-proved = Noch nicht
user-terms = Bedingungen angenommen
user-terms-accepted = { $version }, { $date }
user-edit = Bearbeiten
user-edit-title = Profil bearbeiten
user-edit-who = Das Profil von { $who } ({ $email }).
user-edit-lead = Apps erfahren davon nur, wonach sie fragen und was sie wissen dürfen. Auch die Person selbst kann es ändern.
profile-overtaken = Jemand hat dieses Profil inzwischen geändert: Die Person heißt jetzt { $name }. Ihre Eingaben stehen noch hier; wenn Sie noch einmal speichern, ersetzen sie die anderen.
profile-nickname-of-other = Wie Freunde die Person nennen
profile-language-browser-of-other = Wie ihr Browser es wünscht
give-access = Zugriff geben
organization-roles = Organisationsrollen
no-organization-roles = Keine: Diese Person baut und betreibt hier nichts.
app-roles = App-Rollen
no-app-roles = Keine: Diese Person kann keine App öffnen, die eine Rolle verlangt.
groups = Gruppen
no-groups = In keiner Gruppe.
given = Gegeben
granted-by = von { $who }, { $date }
until-when = Bis
starts-on = ab { $date }
through-group = durch { $group }
take-away = Entziehen
see-all-organization-roles = Alle { $count } Organisationsrollen ansehen
see-all-app-roles = Alle { $count } App-Rollen ansehen
see-all-groups = Alle { $count } Gruppen ansehen
sessions = Sitzungen
no-sessions = Nirgends angemeldet.
end-session = Abmelden
end-session-follows = Abmelden beendet die Sitzung in jeder App, die daraus geöffnet wurde, und ihre Tokens. Zugriff, der auch ohne Anwesenheit gilt (Offline-Zugriff), bleibt.
sessions-newest = Hier stehen nur die { $count } zuletzt benutzten Sitzungen. Es kann mehr geben: Überall abmelden beendet auch sie.
end-all-sessions = Überall abmelden
signed-in-at = Angemeldet bei
device = Gerät
last-use = Zuletzt benutzt
standing = Zustand
deactivate = Deaktivieren
deactivate-follows = Deaktivieren beendet sofort alle Sitzungen und Tokens dieser Person und zieht die Einladungen zurück, die sie verschickt hat. Nichts, was sie hat, geht verloren: Aktivieren bringt es zurück.
deactivate-self = Das sind Sie selbst: Sie würden jetzt abgemeldet.
activate = Aktivieren
activate-follows = Nach dem Aktivieren kann sich diese Person wieder anmelden, mit allem, was sie noch hat.
last-administrator = Das ist der letzte Administrator. Machen Sie erst jemand anderen zum Administrator, ohne Enddatum.
stronger-person = Diese Person darf mehr als Sie. Nur jemand, der ebenso viel darf, kann das tun.
stronger-client = Dieser Client darf mehr als Sie. Nur jemand, der ebenso viel darf, kann das tun.
revoke-title = Entziehen?
revoke-what = { $who } verliert { $what } ({ $where }).
revoke-role-follows = Die Berechtigungen dieser Rolle gelten ab der nächsten Anfrage nicht mehr. Sitzungen laufen weiter.
revoke-app-role-follows = Im nächsten Token der App ist die Rolle nicht mehr enthalten. Wer keine andere Rolle der App hat, kann sich dort nicht mehr anmelden.
revoke-group-follows = { $count ->
    [one] Eine Rolle gehört zu dieser Gruppe und geht mit ihr.
   *[other] { $count } Rollen gehören zu dieser Gruppe und gehen mit ihr.
  }

# Wer was darf, und warum: die Zugriffsseite einer Person, und wer was hat.

app-tab-people = Personen
error-exports-title = Zu viele Exporte
error-exports = Gerade laufen mehrere Exporte. Bitte versuchen Sie es in einer halben Minute noch einmal.

## Eine Person
why-link = Was darf diese Person, und warum?
why-title = Zugriff, und warum
why-place = App und Stage
why-show = Zeigen
why-may-sign-in = Darf sich hier anmelden.
why-may-not-sign-in = Kann sich hier nicht anmelden.
why-standing-invited = Noch zählt nichts: Diese Person ist eingeladen und noch nicht beigetreten.
why-standing-registering = Noch zählt nichts: Die Registrierung ist nicht abgeschlossen.
why-standing-inactive = Gerade zählt nichts: Diese Person ist deaktiviert.
why-standing-not-proved = Noch zählt nichts: Die E-Mail-Adresse wurde nie bestätigt.
why-standing-suspended = Gerade zählt nichts: Dieser API-Client ist gesperrt.
why-roles-none = Hier zählt keine Rolle.
why-permissions-none = Hier ist nichts erlaubt.
why-find-role = Rolle suchen
why-find-permission = Berechtigung suchen
why-through = Wodurch
why-more = { $count ->
    [one] und 1 weiterer Weg
   *[other] und { $count } weitere Wege
  }
why-button = Warum?
why-named = Warum { $what }?
why-idle = Vorhanden, zählt hier aber gerade nicht
why-not = Warum nicht …?
why-ask = Eine Berechtigung oder Rolle, die fehlt
why-ask-button = Fragen

## Die Antwort
why-yes = Ja
why-no = Nein
why-close = Schließen
why-held = Warum { $who } { $what } hat: { $place }
why-missing = Warum { $who } { $what } nicht hat: { $place }
why-unknown = Es gibt keine Berechtigung oder Rolle { $what }: { $place }
why-hidden-title = { $what }: { $place }
why-hidden = Diesen Teil dessen, was Personen haben, dürfen Sie nicht sehen. Fragen Sie einen Administrator, wenn Sie ihn brauchen.
why-near = Meinten Sie
why-retired = Diese Berechtigung gibt es nicht mehr. Rollen, die sie nennen, geben durch sie nichts.
why-ways = { $count ->
    [one] Auf einem Weg
   *[other] Auf { $count } Wegen
  }
why-would = Das ist zugewiesen, gibt es hier aber gerade nicht
why-remove = { $count ->
    [one] Um es wegzunehmen, genügt es, dies zu entfernen
   *[other] Um es wegzunehmen, muss all dies entfernt werden
  }
why-remove-membership = Die Mitgliedschaft in der Gruppe { $group }
why-remove-organization-role = Die Rolle { $role } für die ganze Organisation
why-remove-role = Die Rolle { $role } ({ $app })
why-roles = Rollen, die es hier geben würden
why-no-roles = Keine Rolle gibt es hier.
why-offer-organization = für die ganze Organisation vergeben
why-offer-organization-or-app = für die ganze Organisation oder für diese App vergeben

## Wege
why-group = Gruppe
why-role = Rolle
why-role-of = Rolle von { $app }
why-organization-role = Organisationsrolle
why-organization-role-at = Organisationsrolle für { $app }
why-permission = Berechtigung
why-member = Mitglied seit { $date }, durch { $who }
why-member-because = Mitglied seit { $date }, durch { $who }: { $reason }
why-given = vergeben von { $who }, { $date }
why-given-because = vergeben von { $who }, { $date }: { $reason }
why-group-given = an die Gruppe vergeben von { $who }, { $date }
why-group-given-because = an die Gruppe vergeben von { $who }, { $date }: { $reason }
why-own = kommt mit der Rolle
why-own-at = kommt mit der Rolle, auf diesen Stages: { $stages }
why-own-everywhere = kommt mit der Rolle, auf jeder Stage
why-implied = kommt mit der Berechtigung davor, auf derselben Stage
why-implied-at = kommt mit der Berechtigung davor, auf diesen Stages: { $stages }
why-implied-everywhere = kommt mit der Berechtigung davor, auf jeder Stage
why-development = Entwicklungs-Stages
why-non-production = Test-Stages
why-production = Produktions-Stages
why-idle-standing = würde sonst zählen
why-idle-not-started = beginnt am { $date }
why-idle-ended = endete am { $date }
why-idle-not-member-yet = Mitgliedschaft beginnt am { $date }
why-idle-member-no-more = Mitgliedschaft endete am { $date }
why-idle-other-stages = beschränkt auf { $stages }
why-idle-other-app = nur für { $app } vergeben
why-idle-not-at-apps = wirkt nicht, wenn sie für eine App vergeben ist
why-idle-retired = gibt es nicht mehr: { $keys }

## Wer was hat
who-holds = Wer hat sie?
who-holds-named = Wer hat sie? { $what }
who-role = Rolle
who-any-role = Jede Rolle
who-where = App
who-through-group = Durch Gruppe
who-from = Von
who-given-by = Vergeben von
who-given-on = Vergeben am
who-reason = Grund
who-everyone = Alle aktiven Personen dürfen sich hier anmelden, auch ohne Rolle.
who-everyone-seen = Alle aktiven Personen dürfen sich hier anmelden, auch ohne Rolle. Unten stehen die, die Sie sehen dürfen.
who-open = Alle dürfen sich anmelden
who-hidden-roles = Hier zählen auch Rollen anderer Apps. Personen, die nur solche haben, stehen nicht hier: Sie dürfen sie nicht sehen.
who-hidden-ways = Auch Rollen anderer Apps zählen hier. Wer sie hat, dürfen Sie nicht sehen.
who-nobody = Niemand hat hier eine Rolle
who-nobody-hint = Geben Sie jemandem eine Rolle: Öffnen Sie eine Person und wählen Sie „Zugriff geben“, oder geben Sie einer Gruppe eine Rolle.
who-nobody-no-roles = Noch gibt es keine Rolle, mit der jemand hineinkäme. Legen Sie unter Rollen eine an.
who-members = { $count ->
    [one] 1 Mitglied
   *[other] { $count } Mitglieder
  }
who-more = { $count ->
    [one] Und 1 weiterer Eintrag: Der Export enthält alle.
   *[other] Und { $count } weitere Einträge: Der Export enthält alle.
  }
who-clients = API-Clients
who-suspended = Gesperrt
who-listed = Zählt auch in diesen Apps
who-permission-title = Wer hat eine Berechtigung?
who-permission-lead = { $permission }: { $place }
who-permission-ask = Welche Berechtigung?
who-permission-ask-hint = Schreiben Sie oben eine Berechtigung hin. Für die Berechtigung einer App wählen Sie auch die App und die Stage.
who-verb-needs-place = Das ist die Berechtigung einer App: Wählen Sie auch die App und die Stage.
who-half-place = Wählen Sie eine App und eine Stage, oder keines von beiden.
who-not-there = Die App ist auf dieser Stage nicht bereitgestellt.
who-no-permission = Hier gibt es keine solche Berechtigung.
who-no-permission-near = Hier gibt es keine solche Berechtigung. Meinten Sie { $near }?
who-nobody-has = Hier hat sie niemand
who-nobody-has-hint = Wählen Sie einen anderen Ort, oder sehen Sie auf der Zugriffsseite einer Person nach, welche Rollen sie geben würden.
who-app = App
who-stage = Stage
who-whole-organization = Ganze Organisation
who-every-stage = Jede Stage
who-role-title = Wer hat { $role }?
who-role-lead = { $key }: { $place }
who-organization-role = Organisationsrolle
who-role-nobody = Niemand hat diese Rolle
who-role-nobody-hint = Sie kann auf der Seite einer Person vergeben werden, oder an eine Gruppe.

## API-Clients
api-clients-lead = Clients, die zu keiner App gehören: API-Clients handeln für sich selbst, und Werkzeuge für viele Apps melden Menschen für alle an.
api-clients-empty = Noch kein API-Client
api-clients-empty-hint = Ein API-Client ist ein Programm, das für sich selbst handelt, mit den Organisationsrollen, die es bekommen hat. Der Befehl „gatehouse apply“ legt ihn aus einer Datei an.
api-client-kind = Art
filter-kind-all = Jede Art
api-client-roles = Rollen
api-client-secret-ends = Nächstes Geheimnis endet
api-client-tool = Werkzeug für viele Apps
api-client-access = Was darf er, und warum?
api-client-no-roles = Keine: Dieser Client darf von sich aus nichts.
api-client-revoke-follows = Die Berechtigungen dieser Rolle gelten ab der nächsten Anfrage nicht mehr. Tokens, die er schon hat, bleiben gültig, bis sie enden.
api-client-secrets-lead = Zwei dürfen zugleich gelten: Erzeugen Sie ein neues, geben Sie es dem Programm, und beenden Sie dann das alte. Beenden wirkt sofort; was dieses Geheimnis noch benutzt, bekommt keine Tokens mehr.
api-client-suspended-since = Gesperrt seit { $since }: Er bekommt keine Tokens, und keine seiner Rollen zählt.
api-client-suspend-follows = Sperren beendet sofort jedes Token des Clients, und er bekommt keine neuen. Seine Rollen und Geheimnisse bleiben und zählen nach dem Freigeben wieder.
api-client-resume-follows = Nach dem Freigeben bekommt er wieder Tokens, mit denselben Geheimnissen und den Rollen, die er hat.
api-client-remove-what = Der Client { $client } verschwindet endgültig, mit seinen Geheimnissen.
api-client-remove-roles = { $count ->
    [0] Er hat keine Rolle.
    [one] Die Rolle, die er hat, geht mit ihm.
   *[other] Die { $count } Rollen, die er hat, gehen mit ihm.
  }
api-client-remove-id = Ein Programm, das ihn noch benutzt, bekommt keine Tokens mehr. Wird er vielleicht noch gebraucht, sperren Sie ihn stattdessen.
done-api-client-resumed = Freigegeben. Er bekommt wieder Tokens.
